import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager } from '@entra-redis/token-manager';
import { createClient } from 'redis';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

const client = createClient(
  checkOptions({
    url: `rediss://${AZURE_REDIS_ENDPOINT}`,
    credentialsProvider: entraCredentials(manager),
    RESP: 3,
  }),
);
const subscriber = client.duplicate();
for (const each of [client, subscriber]) each.on('error', console.error);
await Promise.all([client.connect(), subscriber.connect()]);

// Readers of GET /feed get every like, from every instance of this program.
const readers = new Set<ServerResponse>();
await subscriber.subscribe('likes', (message) => {
  for (const reader of readers) reader.write(`data: ${message}\n\n`);
});

async function like(article: string): Promise<string> {
  const count = await client.incr(`likes:${article}`);
  const message = JSON.stringify({ article, count });
  await client.publish('likes', message);
  return message;
}

const server = createServer((request, response) => {
  const [, part, article = ''] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
  if (request.method === 'GET' && part === 'feed') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    readers.add(response);
    response.once('close', () => readers.delete(response));
  } else if (request.method === 'POST' && part === 'likes') {
    like(article).then(
      (message) => response.writeHead(200, { 'content-type': 'application/json' }).end(message),
      (error: unknown) => {
        console.error(error);
        response.writeHead(503).end();
      },
    );
  } else {
    response.writeHead(404).end();
  }
});
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));

async function stop(): Promise<void> {
  // Without a connection to the cache, commands and requests that wait for it never end.
  setTimeout(() => process.exit(1), 10_000).unref();
  for (const reader of readers) reader.end();
  server.close();
  await once(server, 'close');
  await Promise.all([subscriber.close(), client.close()]);
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
