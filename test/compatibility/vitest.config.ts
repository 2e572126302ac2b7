import { waitingTests } from '@entra-redis/config/vitest';

export default waitingTests({ testTimeout: 120_000 });
