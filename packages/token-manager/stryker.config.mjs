import { strykerConfig } from '@entra-redis/config/stryker';

export default strykerConfig({ timeoutMS: 3000, thresholds: { high: 95, low: 90, break: 90 } });
