import type { Wording } from './session.ts';

/** Commands of the scenarios whose first argument is a key; the others go to any node. */
const keyed = new Set('GET SET DEL INCR RPUSH LPUSH BLPOP LRANGE LLEN EXPIRE TTL SPUBLISH XADD'.split(' '));
const readOnly = new Set(['GET', 'LRANGE', 'TTL', 'LLEN']);

function keyOf([name = '', ...args]: string[]): string | undefined {
  if (name.toUpperCase() === 'XREAD') return args[args.indexOf('STREAMS') + 1];
  return keyed.has(name.toUpperCase()) ? args[0] : undefined;
}
const isReadOnly = ([name = '']: string[]): boolean => readOnly.has(name.toUpperCase());

type Send = (...args: unknown[]) => Promise<unknown>;
const sendOf = (client: unknown): Send => {
  const { sendCommand } = client as { sendCommand: Send };
  return sendCommand.bind(client);
};

/** `createClient` and `createClientPool`. */
export const clientWording: Wording = {
  send: (client, args) => sendOf(client)(args),
  add: (transaction, args) => transaction.addCommand(args),
};

/** `createCluster`, which needs the key to find the node. */
export const clusterWording: Wording = {
  send: (client, args) => sendOf(client)(keyOf(args), isReadOnly(args), args),
  add: (transaction, args) => transaction.addCommand(keyOf(args), isReadOnly(args), args),
};

/** `createCluster` of redis 4, whose MULTI knows no reads. */
export const cluster4Wording: Wording = {
  send: (client, args) => clusterWording.send(client, args),
  add: (transaction, args) => transaction.addCommand(keyOf(args), args),
};

/** `createSentinel`. */
export const sentinelWording: Wording = {
  send: (client, args) => sendOf(client)(isReadOnly(args), args),
  add: (transaction, args) => transaction.addCommand(isReadOnly(args), args),
};
