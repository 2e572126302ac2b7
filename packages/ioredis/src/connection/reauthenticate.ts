import type { Credentials } from '@entra-redis/token-manager';
import type {
  Command,
  CommandConstructor,
  Condition,
  Instance,
  SubscriptionKind,
  Subscriptions,
} from '../client/client-internals.ts';
import { keepSubscriptions, unsubscribeNames } from './kept-subscriptions.ts';
import { fillIn } from './login-command.ts';
import { passwordPlaceholder, usernamePlaceholder } from '../placeholder.ts';

const subscriptionKinds = ['subscribe', 'psubscribe', 'ssubscribe'] as const;

/** Sends AUTH on a live connection that is ready, outside a transaction. Rejects with the server's error. */
export function reauthenticate(
  instance: Instance,
  Command: CommandConstructor,
  credentials: Credentials,
): Promise<void> {
  const { condition } = instance;
  return instance.mode === 'subscriber' && condition !== undefined && condition.subscriber !== false
    ? reauthenticateSubscriber(instance, Command, credentials, condition)
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
  condition: Condition,
): Promise<void> {
  const subscriptions = condition.subscriber as Subscriptions;
  const channels = subscriptionKinds.flatMap((kind) => commandsFor(kind, subscriptions.channels(kind)));
  const auth = authCommand(Command, credentials);
  // ioredis rejects AUTH here by its name, before it knows that the UNSUBSCRIBEs end the mode: send it as a PING.
  auth.name = 'ping';
  const kept = keepSubscriptions(condition, channels);
  instance.stream?.cork();
  const left = channels.map(([kind, names]) => send(instance, new Command(unsubscribeNames[kind], names)));
  const authenticated = send(instance, auth);
  const joined = channels.map(([kind, names]) => send(instance, new Command(kind, names)));
  instance.stream?.uncork();
  const [outcome, ...others] = await Promise.allSettled([authenticated, ...left, ...joined]);
  kept.restore();
  for (const other of others) {
    // A policy may have changed: nothing else would tell that a channel is silent from now on.
    if (other.status === 'rejected' && isReply(other.reason)) instance.silentEmit('error', other.reason);
  }
  if (outcome.status === 'rejected') throw outcome.reason;
}

const isReply = (error: unknown): boolean => (error as { name?: unknown } | undefined)?.name === 'ReplyError';

/** Sharded channels may belong to different slots, so each needs a command of its own. */
function commandsFor(
  kind: SubscriptionKind,
  names: readonly string[],
): (readonly [SubscriptionKind, readonly string[]])[] {
  if (names.length === 0) return [];
  return kind === 'ssubscribe' ? names.map((name) => [kind, [name]] as const) : [[kind, names] as const];
}

function authCommand(Command: CommandConstructor, credentials: Credentials): Command {
  const command = new Command('auth', [usernamePlaceholder, passwordPlaceholder]);
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
