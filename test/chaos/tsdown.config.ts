import { program } from '@entra-redis/config/tsdown';

export default program({ entry: { cli: 'src/cli.ts', application: 'src/application/main.ts' } });
