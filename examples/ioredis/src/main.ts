import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { withEntra } from '@entra-redis/ioredis';
import { createTokenManager } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { sendMails } from './worker.ts';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');
const [host, port] = AZURE_REDIS_ENDPOINT.split(':');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

const redis = new Redis(withEntra(manager, { host, port: Number(port) }));
const subscriber = redis.duplicate();
const blocking = redis.duplicate();
for (const each of [redis, subscriber, blocking]) each.on('error', console.error);

// The worker that sends a mail may be that of another instance: it says so on a channel.
const sent = new EventEmitter();
subscriber.on('message', (_channel: string, id: string) => sent.emit(id));
await subscriber.subscribe('sent');

const stopping = new AbortController();
const worker = sendMails(blocking, redis, stopping.signal);

async function send(recipient: string): Promise<void> {
  const id = randomUUID();
  const done = once(sent, id);
  await redis.lpush('mails', JSON.stringify({ id, recipient }));
  await done;
}

// POST /mails/somebody is answered when the mail has been sent.
const server = createServer((request, response) => {
  const [, part, recipient = ''] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
  if (request.method !== 'POST' || part !== 'mails') return response.writeHead(404).end();
  send(recipient).then(
    () => response.writeHead(204).end(),
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
  stopping.abort();
  await worker;
  await Promise.all([subscriber.quit(), blocking.quit(), redis.quit()]);
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
