import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultAzureCredential } from '@azure/identity';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import fastifyRedis from '@fastify/redis';
import fastify from 'fastify';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');

const manager = createTokenManager(new DefaultAzureCredential());
const app = fastify({ logger: { level: 'warn', stream: process.stderr } });
manager.subscribe((event) => 'error' in event && app.log.error(event.error, event.type));

// The plugin makes the client, waits until it is ready, and closes it with the application.
await app.register(fastifyRedis, withEntra(manager, { host, port: Number(port) }));
app.redis.on('error', (error) => app.log.error(error));
app.addHook('onClose', () => manager.close());

/** Stands for what is too slow, or too dear, to ask for every time. */
async function forecast(city: string): Promise<string> {
  await sleep(20);
  return JSON.stringify({ city, degrees: city.length % 40 });
}

app.get<{ Params: { city: string } }>('/forecasts/:city', async ({ params: { city } }, reply) => {
  reply.type('application/json');
  const key = `forecast:${city}`;
  const cached = await app.redis.get(key);
  if (cached !== null) return reply.header('x-cache', 'hit').send(cached);
  const fresh = await forecast(city);
  await app.redis.set(key, fresh, 'EX', 60);
  return reply.header('x-cache', 'miss').send(fresh);
});

console.log('Listening on', await app.listen({ host: HOST, port: Number(PORT) }));

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
