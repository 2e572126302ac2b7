import { once } from 'node:events';
import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

const redis = new Redis(withEntra(manager, { host, port: Number(port) }));
redis.on('error', console.error);

const limiter = new RateLimiterRedis({ storeClient: redis, keyPrefix: 'limit', points: 5, duration: 60 });

/** Five requests a minute for each API key, counted by all instances of this program together. */
const server = createServer((request, response) => {
  const key = request.headers['x-api-key'] ?? request.socket.remoteAddress ?? 'unknown';
  limiter.consume(String(key)).then(
    ({ remainingPoints }) =>
      response.writeHead(200, { 'x-ratelimit-remaining': String(remainingPoints) }).end('Hello.\n'),
    (reason: unknown) => {
      if (reason instanceof RateLimiterRes) {
        return response.writeHead(429, { 'retry-after': String(Math.ceil(reason.msBeforeNext / 1000)) }).end();
      }
      console.error(reason);
      return response.writeHead(503).end();
    },
  );
});
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));

async function stop(): Promise<void> {
  // Without a connection to the cache, commands and requests that wait for it never end.
  setTimeout(() => process.exit(1), 10_000).unref();
  server.close();
  await once(server, 'close');
  await redis.quit();
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
