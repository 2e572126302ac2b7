import { createServer } from 'node:http';
import { DefaultAzureCredential } from '@azure/identity';
import { checkOptions, entraCredentials } from '@entra-redis/node-redis';
import { createTokenManager } from '@entra-redis/token-manager';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const { AZURE_REDIS_ENDPOINT, HOST = 'localhost', PORT = '3000' } = process.env;
if (!AZURE_REDIS_ENDPOINT) throw new Error('Set AZURE_REDIS_ENDPOINT to host:port of the cache.');

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && console.error(event.type, event.error));

const publisher = createClient(
  checkOptions({
    url: `rediss://${AZURE_REDIS_ENDPOINT}`,
    credentialsProvider: entraCredentials(manager),
    RESP: 3, // the subscriber logs in again in place, and no message is lost
  }),
);
const subscriber = publisher.duplicate();
for (const each of [publisher, subscriber]) each.on('error', console.error);
await Promise.all([publisher.connect(), subscriber.connect()]);

interface FromClient {
  join(room: string, done: () => void): void;
  say(room: string, text: string): void;
  /** How many are in the room, on all instances. */
  count(room: string, answer: (members: number) => void): void;
}
interface ToClient {
  said(text: string): void;
}

const server = createServer();
const io = new Server<FromClient, ToClient>(server, { adapter: createAdapter(publisher, subscriber) });
io.on('connection', (socket) => {
  const join = async (room: string, done: () => void): Promise<void> => {
    await socket.join(room);
    done();
  };
  const count = async (room: string, answer: (members: number) => void): Promise<void> => {
    answer((await io.in(room).fetchSockets()).length);
  };
  socket.on('join', (room, done) => void join(room, done).catch(console.error));
  socket.on('say', (room, text) => void io.to(room).emit('said', text));
  socket.on('count', (room, answer) => void count(room, answer).catch(console.error));
});
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));

async function stop(): Promise<void> {
  // Without a connection to the cache, commands and requests that wait for it never end.
  setTimeout(() => process.exit(1), 10_000).unref();
  await io.close();
  await Promise.all([subscriber.close(), publisher.close()]);
  manager.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
