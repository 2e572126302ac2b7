import { once } from 'node:events';
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Server } from 'socket.io';
import { expectSame, type Start, within } from '../library.ts';
import { connectNodeRedis } from '../node-redis-client.ts';

/** Two servers, as behind a load balancer: what one asks, the other answers by way of Redis. */
export const start: Start = async (cache) => {
  const clients = await Promise.all(Array.from({ length: 4 }, () => connectNodeRedis(cache)));
  const serve = async (publisher: unknown, subscriber: unknown): Promise<Server> => {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new Server(http, { adapter: createAdapter(publisher, subscriber) });
  };
  const asking = await serve(clients[0], clients[1]);
  const answering = await serve(clients[2], clients[3]);
  answering.on('double', (value: number, answer: (value: number) => void) => answer(value * 2));
  return {
    step: async (round) => {
      const answers = await within('an answer', asking.serverSideEmitWithAck('double', round));
      expectSame('the answers', answers.join(), String(round * 2));
    },
    stop: async () => {
      await Promise.all([asking.close(), answering.close()]);
      await Promise.all(clients.map((client) => client.close()));
    },
  };
};
