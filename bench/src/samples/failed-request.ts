import { EventEmitter } from 'node:events';
import { createTokenManager } from '@entra-redis/token-manager';
import { watchTurns } from './turns.ts';

/** As HTTP clients make them: the error holds its request, that its agent and sockets, and they each other. */
function httpError(): Error {
  const sockets = Array.from({ length: 5000 }, (_, i) => Object.assign(new EventEmitter(), { i, peer: {} }));
  for (const [i, socket] of sockets.entries()) socket.peer = sockets[(i + 1) % sockets.length] as object;
  return Object.assign(new Error('Request failed with status code 503'), { request: { agent: { sockets } } });
}

/** The longest turn of the event loop, ms, in which `waiters` learn of one failed request; `bare`: promises rejected in a loop. */
export async function failedRequestTurn({ waiters, bare }: { waiters: number; bare: boolean }): Promise<number> {
  const error = httpError();
  let fail: (() => void) | undefined;
  const request = new Promise<never>((_resolve, reject) => {
    fail = () => reject(error);
  });
  const manager = createTokenManager({ requestToken: async () => await request });
  // Or the failure would be a process warning, too.
  manager.subscribe(() => undefined);
  const wait = async (): Promise<unknown> =>
    bare
      ? await request.catch((cause: unknown) => Promise.reject(new Error('no token', { cause })))
      : await manager.credentials();
  const all = Promise.allSettled(Array.from({ length: waiters }, wait));
  // What has come up so far has its own turn.
  await new Promise(setImmediate);
  const longestTurn = watchTurns();
  await new Promise(setImmediate);
  fail?.();
  const outcomes = await all;
  await new Promise(setImmediate);
  manager.close();
  if (outcomes.some(({ status }) => status !== 'rejected')) throw new Error('a request that failed gave a token');
  return longestTurn();
}
