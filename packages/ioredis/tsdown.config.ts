import { library } from '@entra-redis/config/tsdown';

// An old Node.js is refused by token-manager, which is loaded first.
export default library({ entry: ['src/index.ts'], plugins: [] });
