import type { Credentials } from '@entra-redis/token-manager';
import type { Command, CommandConstructor, Instance, Subscriptions } from './internals.ts';
import { fillIn } from './login-command.ts';
import { PASSWORD, USERNAME } from './placeholder.ts';

const KINDS = ['subscribe', 'psubscribe', 'ssubscribe'] as const;
const UNDO = { subscribe: 'unsubscribe', psubscribe: 'punsubscribe', ssubscribe: 'sunsubscribe' } as const;

/** Sends AUTH on a live connection that is ready, outside a transaction. Rejects with the server's error. */
export function reauthenticate(
  instance: Instance,
  Command: CommandConstructor,
  credentials: Credentials,
): Promise<void> {
  const subscriptions = instance.condition?.subscriber;
  return instance.mode === 'subscriber' && subscriptions
    ? reauthenticateSubscriber(instance, Command, credentials, subscriptions)
    : send(instance, authCommand(Command, credentials));
}

/**
 * RESP2 allows no AUTH while subscribed, so: unsubscribe from all, AUTH, subscribe again, in one write. A server that reads
 * them together runs them together: no message falls between. Were AUTH refused, the subscriptions would still be back.
 */
async function reauthenticateSubscriber(
  instance: Instance,
  Command: CommandConstructor,
  credentials: Credentials,
  subscriptions: Subscriptions,
): Promise<void> {
  const channels = KINDS.flatMap((kind) => commandsFor(kind, subscriptions.channels(kind)));
  const auth = authCommand(Command, credentials);
  // ioredis rejects AUTH here by its name, before it knows that the UNSUBSCRIBEs end the mode: send it as a PING.
  auth.name = 'ping';
  instance.stream?.cork();
  const left = channels.map(([kind, names]) => send(instance, new Command(UNDO[kind], names)));
  const authenticated = send(instance, auth);
  const joined = channels.map(([kind, names]) => send(instance, new Command(kind, names)));
  instance.stream?.uncork();
  const [outcome] = await Promise.allSettled([authenticated, ...left, ...joined]);
  if (outcome.status === 'rejected') throw outcome.reason;
}

/** Sharded channels may belong to different slots, so each needs a command of its own. */
function commandsFor(
  kind: (typeof KINDS)[number],
  names: readonly string[],
): (readonly [(typeof KINDS)[number], readonly string[]])[] {
  if (names.length === 0) return [];
  return kind === 'ssubscribe' ? names.map((name) => [kind, [name]] as const) : [[kind, names] as const];
}

function authCommand(Command: CommandConstructor, credentials: Credentials): Command {
  const command = new Command('auth', [USERNAME, PASSWORD]);
  fillIn(command, credentials);
  // commandTimeout must not give up an AUTH that waits behind a blocking command: it takes effect when the block ends.
  command.setTimeout = () => {};
  return command;
}

/** Past the instance's own `sendCommand`, which is ours: these are not the user's commands. */
async function send(instance: Instance, command: Command): Promise<void> {
  const { sendCommand } = Object.getPrototypeOf(instance) as Instance;
  await sendCommand.call(instance, command);
}
