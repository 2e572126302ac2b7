import { strykerConfig } from '../../scripts/stryker.mjs';

export default strykerConfig({ timeoutMS: 3000, thresholds: { high: 95, low: 90, break: 90 } });
