import { withEntra } from '@entra-redis/ioredis';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { expectSame, type Start, within } from '../library.ts';

export const start: Start = async ({ host, port, manager, complain }) => {
  const options = withEntra(manager, { host, port });
  const [publisher, subscriber] = [new Redis(options), new Redis(options)];
  for (const client of [publisher, subscriber]) client.on('error', complain);
  // Its types name the ioredis 5 that it brings.
  const pubsub = new RedisPubSub({ publisher, subscriber } as never);
  let arrived: (round: number) => void = () => undefined;
  await pubsub.subscribe('rounds', (round: number) => arrived(round));
  return {
    step: async (round) => {
      const message = new Promise<number>((resolve) => (arrived = resolve));
      await pubsub.publish('rounds', round);
      expectSame('the message', await within(`message ${round}`, message), round);
    },
    stop: async () => {
      await pubsub.close();
    },
  };
};
