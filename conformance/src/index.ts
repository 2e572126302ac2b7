export { type RedisServer, type RedisServerOptions, startRedisServer } from './targets/redis-server.ts';
