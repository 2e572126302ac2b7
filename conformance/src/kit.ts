// What a driver is made of, for drivers outside this package.
export { allBut, missing } from './drivers/capabilities.ts';
export { collectGarbage } from './drivers/collect-garbage.ts';
export { ClosedClients } from './drivers/closed-clients.ts';
export { fetchToken, httpProvider, type HttpToken, tokenUrlOf } from './drivers/http-provider.ts';
export { type ConnectionOptions, ioredisOptions } from './drivers/ioredis-options.ts';
export { IoredisSession } from './drivers/ioredis-session.ts';
export type { NodeRedisCopy } from './drivers/node-redis-options.ts';
export { openNodeRedis, type OpenWith } from './drivers/node-redis-open.ts';
export { describeClient, describeError } from './drivers/secrets.ts';
export { seededRandom, seedFor } from './random.ts';
export { serveDriver } from './json-lines/serve.ts';
export { within } from './within.ts';
