// What a driver is made of, for drivers outside this package.
export { allBut, missing } from './drivers/capabilities.ts';
export { managedDrivers } from './drivers/index.ts';
export { ClosedClients } from './drivers/closed-clients.ts';
export { fetchToken, httpProvider, type HttpToken, tokenUrlOf } from './drivers/http-provider.ts';
export { type ConnectionOptions, ioredisOptions } from './drivers/ioredis-copies.ts';
export { IoredisSession } from './drivers/ioredis-session.ts';
export type { Managing } from './drivers/managed-application.ts';
export type { NodeRedisCopy } from './drivers/node-redis-copies.ts';
export { openNodeRedis, type OpenWith } from './drivers/node-redis-open.ts';
export { describeClient, describeError } from './drivers/secrets.ts';
export { seededRandom, seedFor } from './random.ts';
export { serveDriver } from './json-lines/serve.ts';
