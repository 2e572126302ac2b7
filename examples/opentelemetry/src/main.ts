// First: meters that are made before there is a provider measure nothing.
import { stopTelemetry } from './telemetry.ts';
import './entra-redis-metrics.ts';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');

const manager = createTokenManager(new DefaultAzureCredential());
const redis = new Redis(withEntra(manager, { host, port: Number(port) }));
redis.on('error', console.error);

/** Counts the visits of each page. */
const server = createServer((request, response) => {
  redis.incr(`visits:${request.url}`).then(
    (visits) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ visits })),
    (error: unknown) => {
      console.error(error);
      response.writeHead(503).end();
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
  await stopTelemetry();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
