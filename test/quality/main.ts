/** `npm run quality`. */
import { writePage } from './quality.ts';

writePage(process.cwd());
