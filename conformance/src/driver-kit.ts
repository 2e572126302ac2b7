// What a driver is made of, for drivers outside this package.
export { allBut, missing } from './drivers/capabilities.ts';
export { collectGarbage } from './drivers/collect-garbage.ts';
export { ClosedClients } from './drivers/closed-clients.ts';
export { copyOf } from './drivers/copied-options.ts';
export { fetchToken, httpProvider, type HttpToken, type ProviderOptions, tokenUrlOf } from './drivers/http-provider.ts';
export { type ConnectionOptions, ioredisOptions } from './drivers/ioredis/options.ts';
export { IoredisSession } from './drivers/ioredis/session.ts';
export type { NodeRedisCopy } from './drivers/node-redis/options.ts';
export { openNodeRedis, type OpenWith } from './drivers/node-redis/open.ts';
export { describeClient, describeError } from './drivers/secrets.ts';
export { ShiftedClock, shiftedProcessClock } from './drivers/shifted-clock.ts';
export { checkedOutCommit, shortCommit } from './report/commit.ts';
export { seededRandom, seedFor } from './runner/random.ts';
export { serveDriver } from './driver/stdio/serve-driver.ts';
export { standstills } from './runner/standstill-watch.ts';
export { withTimeout } from './runner/timeout.ts';
