import type { Command } from '../model.ts';
import { clientCommands } from './client.ts';
import { clusterCommands } from './cluster.ts';
import { collectionCommands } from './collections.ts';
import { connectionCommands } from './connection.ts';
import { keyCommands } from './keys.ts';
import { pubsubCommands } from './pubsub.ts';
import { sentinelCommands } from './sentinel.ts';
import { serverCommands } from './server.ts';
import { streamCommands } from './streams.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';

function table(...families: readonly (readonly Command[])[]): ReadonlyMap<string, Command> {
  return new Map(families.flat().map((row) => [row.name, row]));
}

/**
 * Every command that a data node knows, by lower-case name: what the clients send by themselves, and what the scenarios of the
 * conformance suite, the examples and the documentation send. For any other one, put the gate in front of a real server.
 */
export const dataCommands: ReadonlyMap<string, Command> = table(
  connectionCommands,
  clientCommands,
  serverCommands,
  keyCommands,
  stringCommands,
  collectionCommands,
  streamCommands,
  pubsubCommands,
  transactionCommands,
  clusterCommands,
);

const ofSentinels: ReadonlySet<string> = new Set([
  ...['auth', 'hello', 'ping', 'reset', 'info', 'acl', 'command'],
  ...['subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe', 'publish'],
]);

/** What a sentinel knows. */
export const sentinelNodeCommands: ReadonlyMap<string, Command> = table(
  [...connectionCommands, ...serverCommands, ...pubsubCommands].filter((row) => ofSentinels.has(row.name)),
  clientCommands,
  sentinelCommands,
);
