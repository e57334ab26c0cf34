import { pms } from '#pms/buildium';
import { runWorker } from '#worker-host';

await runWorker(pms);
