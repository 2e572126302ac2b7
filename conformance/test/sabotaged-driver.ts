// A driver process whose adapter breaks the rule of the sabotage with this number: `sabotaged-driver.ts 4 ioredis`.
import { ioredisDriver } from '../src/drivers/ioredis.ts';
import { ioredisCopies } from '../src/drivers/ioredis-copies.ts';
import { nodeRedisDriver } from '../src/drivers/node-redis.ts';
import { nodeRedisCopies } from '../src/drivers/node-redis-copies.ts';
import { serveDriver } from '../src/json-lines/serve.ts';
import { sabotages } from './sabotages.ts';

const [, , index, client] = process.argv;
const sabotage = sabotages[Number(index)];
const managing = sabotage === undefined ? {} : { decorate: sabotage.decorate };
const [ioredis] = ioredisCopies;
const [nodeRedis] = nodeRedisCopies;
if (ioredis === undefined || nodeRedis === undefined) throw new Error('no client');
serveDriver(client === 'ioredis' ? ioredisDriver(ioredis, managing) : nodeRedisDriver(nodeRedis, managing));
