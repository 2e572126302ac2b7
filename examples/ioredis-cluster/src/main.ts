import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { DefaultAzureCredential } from '@azure/identity';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Cluster } from 'ioredis';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

// Around the options of the cluster, not of a node. `tls` is on anyway, except for a cache on this machine.
const options = withEntra(manager, { slotsRefreshTimeout: 5000, redisOptions: { tls: {} } });
const cluster = new Cluster([{ host, port: Number(port) }], options);
cluster.on('error', console.error);

/** A profile and its history are in one slot (the braces say so), so that one transaction can write both. */
async function answer(request: IncomingMessage): Promise<unknown> {
  const [, part, id = ''] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
  if (part !== 'profiles' || id === '') return undefined;
  const key = `profile:{${id}}`;
  if (request.method === 'PUT') {
    const name = await text(request);
    await cluster.multi().hset(key, { name }).rpush(`${key}:history`, name).exec();
  }
  const [profile, changes] = await Promise.all([cluster.hgetall(key), cluster.llen(`${key}:history`)]);
  return { id, ...profile, changes };
}

const server = createServer((request, response) => {
  answer(request).then(
    (found) => response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found)),
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
  await cluster.quit();
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
