import { strykerConfig } from '@entra-redis/config/stryker';

export default strykerConfig({ timeoutMS: 60_000, thresholds: { high: 90, low: 80, break: 80 } });
