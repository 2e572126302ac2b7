import { waitingTests } from '@entra-redis/config/vitest';

export default waitingTests({ maxConcurrency: 3, testTimeout: 120_000 });
