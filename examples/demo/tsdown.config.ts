import { program } from '@entra-redis/config/tsdown';

export default program({ entry: ['src/main.ts'] });
