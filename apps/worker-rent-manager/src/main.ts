import { pms } from '#pms/rent-manager';
import { runWorker } from '#worker-host';

await runWorker(pms);
