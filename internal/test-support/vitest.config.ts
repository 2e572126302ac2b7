import { tests } from '@entra-redis/config/vitest';

export default tests();
