import { waitingTests } from '@entra-redis/config/vitest';

export default waitingTests({ maxConcurrency: 10 });
