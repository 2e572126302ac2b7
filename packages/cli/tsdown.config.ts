import { command } from '@entra-redis/config/tsdown';

export default command({ entry: ['src/cli.ts'] });
