import type { Command } from '../command.ts';
import { blockingListCommands } from './blocking-lists.ts';
import { clientCommands } from './client.ts';
import { connectionCommands } from './connection.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { pubsubCommands } from './pubsub.ts';
import { serverCommands } from './server.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';

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
  pubsubCommands,
  transactionCommands,
);
