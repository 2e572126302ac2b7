import type { Login, LoginVerdict } from '../../policy/auth-policy.ts';
import {
  type LoginAttempt,
  NOAUTH_HELLO,
  parseAuth,
  type ParsedHello,
  parseHello,
  WRONGPASS,
} from '../../policy/login-attempt.ts';
import { error, map, OK, type Reply, simple } from '../../resp/reply.ts';
import { digest } from '../../timeline/secrets.ts';
import { type Args, at, CommandError, integerAt, copyOf } from '../args.ts';
import { command } from '../command.ts';
import { databaseCount } from '../database.ts';
import type { Command, Outcome, Session } from '../model.ts';
import { setName } from './client.ts';

export const serverVersion = '7.0.15';

/** Verifies, and logs in unless EXEC runs this: a queued AUTH is answered but extends nothing. */
function logIn(session: Session, attempt: LoginAttempt, next: (ok: boolean) => Reply): Reply | Promise<Reply> {
  const queued = session.executing;
  const judged = (verdict: LoginVerdict): Reply => {
    if (!verdict.ok) session.node.record(session.id, { event: 'refused', text: verdict.reason });
    else if (!queued) accept(session, attempt, verdict.login);
    return next(verdict.ok);
  };
  const verdict = session.login.verify(attempt);
  return verdict instanceof Promise ? verdict.then(judged) : judged(verdict);
}

function accept(session: Session, { via, password }: LoginAttempt, accepted: Login): void {
  session.login.accept(accepted);
  const { username, expiresAt } = accepted;
  session.node.record(session.id, { event: 'login', login: { via, username, token: digest(password), expiresAt } });
}

function auth(session: Session, args: Args): Reply | Promise<Reply> {
  const parsed = parseAuth(args);
  if ('error' in parsed) return error(parsed.error);
  return logIn(session, parsed.attempt, (ok) => (ok ? OK : error(WRONGPASS)));
}

function hello(session: Session, args: Args): Reply | Promise<Reply> {
  const parsed = parseHello(args, session.node.context.highestResp);
  if ('error' in parsed) return error(parsed.error);
  if (parsed.attempt === undefined) return greet(session, parsed);
  return logIn(session, parsed.attempt, (ok) => (ok ? greet(session, parsed) : error(WRONGPASS)));
}

function greet(session: Session, parsed: Exclude<ParsedHello, { readonly error: string }>): Reply {
  if (session.needsLogin) return error(NOAUTH_HELLO);
  if (parsed.name !== undefined) setName(session, parsed.name);
  session.resp = parsed.version ?? session.resp;
  const { node } = session;
  return map([
    ['server', 'redis'],
    ['version', serverVersion],
    ['proto', session.resp],
    ['id', session.id],
    ['mode', node.mode],
    ...(node.kind === 'sentinel' ? [] : [['role', node.role === 'master' ? 'master' : 'replica'] as const]),
    ['modules', []],
  ]);
}

function ping(session: Session, args: Args): Outcome {
  if (args.length > 2) throw new CommandError("ERR wrong number of arguments for 'ping' command");
  const message = args[1];
  if (session.resp === 2 && session.subscriber) return ['pong', message ?? ''];
  return message === undefined ? simple('PONG') : copyOf(message);
}

function select(session: Session, args: Args): Outcome {
  const index = integerAt(args, 1);
  if (session.node.mode === 'cluster' && index !== 0)
    throw new CommandError('ERR SELECT is not allowed in cluster mode');
  if (index < 0 || index >= databaseCount) throw new CommandError('ERR DB index is out of range');
  session.db = index;
  return OK;
}

function quit(session: Session): Outcome {
  session.output.close('QUIT', { flush: true });
  return OK;
}

/** Back to a fresh connection, logged out: https://redis.io/docs/latest/commands/reset/. */
function reset(session: Session): Outcome {
  session.transaction = undefined;
  session.node.pubsub.removeAll(session);
  Object.assign(session, { monitoring: false, readOnly: false, asking: false, maintenance: undefined });
  session.db = 0;
  session.name = '';
  session.resp = 2;
  session.login.logout();
  return simple('RESET');
}

export const connectionCommands: readonly Command[] = [
  command('auth', -2, 'noscript loading stale fast no_auth', undefined, auth),
  command('hello', -1, 'noscript loading stale fast no_auth', undefined, hello),
  command('ping', -1, 'fast', undefined, ping),
  command('echo', 2, 'loading stale fast', undefined, (_session, args) => copyOf(at(args, 1))),
  command('select', 2, 'loading stale fast', undefined, select),
  command('quit', -1, 'noscript loading stale fast no_auth', undefined, quit),
  command('reset', 1, 'noscript loading stale fast no_auth', undefined, reset),
];
