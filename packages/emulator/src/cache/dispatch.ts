import { forbiddenToReaders, noPermission } from '../policy/access.ts';
import { NOAUTH } from '../policy/login-attempt.ts';
import { error, simple } from '../resp/reply.ts';
import { type Args, CommandError } from './args.ts';
import { redirect } from './cluster-redirect.ts';
import { arityFits } from './command.ts';
import type { Command, Outcome, Session } from './model.ts';
import { feedMonitors } from './monitor.ts';

/** These act at once inside MULTI; everything else is queued. */
const notQueued: ReadonlySet<string> = new Set(['exec', 'discard', 'multi', 'quit', 'reset']);
const allowedForSubscriber: ReadonlySet<string> = new Set([
  'subscribe',
  'unsubscribe',
  'psubscribe',
  'punsubscribe',
  'ssubscribe',
  'sunsubscribe',
  'ping',
  'quit',
  'reset',
]);

/** Answers one command of one connection, with Redis' checks in Redis' order. */
export function dispatch(session: Session, args: Args): Outcome | Promise<Outcome> {
  const found = resolve(session, args);
  if (typeof found === 'string') return refused(session, found);
  const refusal = refuse(session, found, args);
  if (refusal !== undefined) {
    // An EXEC that is sent elsewhere ends its transaction.
    if (found.name === 'exec') session.transaction = undefined;
    return refused(session, refusal);
  }
  if (session.transaction !== undefined && !notQueued.has(found.name)) {
    session.transaction.queue.push({ command: found, args });
    return simple('QUEUED');
  }
  return call(session, found, args);
}

function refused({ transaction }: Session, text: string): Outcome {
  if (transaction !== undefined) transaction.refused = true;
  return error(text);
}

/** Runs a command past all checks; the errors of handlers become error replies. */
export function call(session: Session, command: Command, args: Args): Outcome | Promise<Outcome> {
  try {
    const outcome = command.run(session, args);
    feedMonitors(session, command, args);
    return outcome instanceof Promise ? outcome.catch(asReply) : outcome;
  } catch (thrown) {
    return asReply(thrown);
  }
}

function asReply(thrown: unknown): Outcome {
  if (thrown instanceof CommandError) return error(thrown.message);
  // Our defects must not take down the process of those who test against us; fuzzing looks for this text.
  return error(`ERR internal error of the emulator: ${thrown instanceof Error ? thrown.message : typeof thrown}`);
}

/** The row of the command table, or the error Redis answers. */
function resolve(session: Session, args: Args): Command | string {
  const word = String(args[0]?.subarray(0, 128));
  const command = session.node.commands.get(word.toLowerCase());
  if (command === undefined) return unknownCommand(word, args);
  if (command.subcommands === undefined || args.length < 2) {
    return arityFits(command, args.length) ? command : wrongArity(command);
  }
  const sub = String(args[1]?.subarray(0, 128));
  const found = command.subcommands.get(sub.toLowerCase());
  if (found === undefined) return `ERR unknown subcommand '${sub}'. Try ${command.name.toUpperCase()} HELP. ${hint}`;
  return arityFits(found, args.length) ? found : wrongArity(found);
}

function wrongArity(command: Command): string {
  return `ERR wrong number of arguments for '${command.name}' command`;
}

/** Behind the words of Redis, by which clients go. */
const hint =
  '(the fake cache knows few commands: npx entra-redis emulate --cache real, or startGate before a real server)';

function unknownCommand(word: string, args: Args): string {
  let shown = '';
  for (const argument of args.slice(1)) {
    if (shown.length >= 128) break;
    shown += `'${argument.toString('latin1', 0, 128 - shown.length)}' `;
  }
  return `ERR unknown command '${word}', with args beginning with: ${shown}${hint}`;
}

function refuse(session: Session, command: Command, args: Args): string | undefined {
  const { node } = session;
  if (session.needsLogin && !command.flags.has('no_auth')) return NOAUTH;
  if (session.transaction !== undefined && command.flags.has('no_multi')) {
    return 'ERR Command not allowed inside a transaction';
  }
  if (isDenied(session, command)) return noPermission(command.name);
  const redirection = redirect(session, command, args);
  if (redirection !== undefined) return redirection;
  if (node.role === 'slave' && node.mode === 'standalone' && command.flags.has('write')) {
    return "READONLY You can't write against a read only replica.";
  }
  if (session.resp === 2 && session.subscriber && !allowedForSubscriber.has(command.name)) {
    return (
      `ERR Can't execute '${command.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET ` +
      'are allowed in this context'
    );
  }
  return undefined;
}

function isDenied({ node, login }: Session, command: Command): boolean {
  if (login.readOnly && forbiddenToReaders(command.flags)) return true;
  const { denied } = node.context;
  return denied.size > 0 && (denied.has(command.name) || denied.has(command.name.split('|')[0] ?? ''));
}
