import type { Command } from '../model.ts';
import { blockingListCommands } from './blocking-lists.ts';
import { clientCommands } from './client.ts';
import { clusterCommands } from './cluster.ts';
import { connectionCommands } from './connection.ts';
import { hashCommands } from './hashes.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { pubsubCommands } from './pubsub.ts';
import { sentinelCommands } from './sentinel.ts';
import { serverCommands } from './server.ts';
import { setCommands } from './sets.ts';
import { streamCommands } from './streams.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';
import { zsetCommands } from './zsets.ts';

function table(...families: readonly (readonly Command[])[]): ReadonlyMap<string, Command> {
  return new Map(families.flat().map((row) => [row.name, row]));
}

/** Every command that a data node knows, by lower-case name. */
export const dataCommands: ReadonlyMap<string, Command> = table(
  connectionCommands,
  clientCommands,
  serverCommands,
  keyCommands,
  stringCommands,
  listCommands,
  blockingListCommands,
  hashCommands,
  setCommands,
  zsetCommands,
  streamCommands,
  pubsubCommands,
  transactionCommands,
  clusterCommands,
);

const sentinelPubsub: ReadonlySet<string> = new Set([
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'publish',
]);

/** What a sentinel knows. */
export const sentinelNodeCommands: ReadonlyMap<string, Command> = table(
  connectionCommands.filter((row) => !['select', 'echo', 'quit'].includes(row.name)),
  clientCommands,
  serverCommands.filter((row) => ['info', 'role', 'command', 'acl'].includes(row.name)),
  pubsubCommands.filter((row) => sentinelPubsub.has(row.name)),
  sentinelCommands,
);
