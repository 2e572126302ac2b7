import { library } from '@entra-redis/config/tsdown';

export default library({ entry: ['src/index.ts', 'src/v4.ts'] });
