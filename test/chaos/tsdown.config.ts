import { program } from '@entra-redis/config/tsdown';

export default program({ entry: ['src/cli.ts', 'src/application.ts'] });
