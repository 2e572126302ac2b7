import assert from 'node:assert/strict';
import type { CacheFault } from '@entra-redis/emulator';
import type { ApplicationEvent, Session } from '../driver/driver.ts';
import type { Topology } from '../targets/target.ts';
import type { Context, OpenOptions } from './scenario.ts';
import {
  authsPerToken,
  connectionOf,
  connectionsWith,
  expired,
  liveConnections,
  type LoginEntry,
  tokensAccepted,
  tokensSent,
} from './wire.ts';

/** What Redis answers to a token that it does not accept. */
export const wrongPass: CacheFault['action'] = {
  kind: 'error',
  message: 'WRONGPASS invalid username-password pair or user is disabled.',
};

/** How the user's program can tell an error from others, as messages change: a code, or a type name where the client's errors have no code. */
export const errorName = (context: Pick<Context, 'supports'>): RegExp =>
  context.supports('error-codes') ? codeName : new RegExp(`${codeName.source}|${typeName.source}`);

const codeName = /\b[A-Z]+(?:_[A-Z]+)+\b/;
const typeName = /\w(?:Error|Exception|Err)\b|\bErr[A-Z]\w*/;

/** What a log line shows of a rejection. */
export function textOf(error: Error): string {
  const { code, type, message } = error as Error & { readonly code?: string; readonly type?: string };
  return [code ?? type, message].filter((words) => words !== undefined).join(' ');
}

/** For scenarios about every connection, however many a client opens. */
export const everywhere: readonly Topology[] = ['standalone', 'cluster', 'sentinel'];

const keys = Array.from({ length: 60 }, (_, index) => `key:${index}`);

/** Writes and reads keys of every master, so that a cluster client connects to all of them. */
export async function touchEveryNode(session: Session): Promise<void> {
  for (const key of keys) assert.equal(await session.command('SET', key, key), 'OK');
  for (const key of keys) assert.equal(await session.command('GET', key), key);
}

/** A connected session; in a cluster, connected to every master. */
export async function connectFully(context: Context, options?: OpenOptions): Promise<Session> {
  const session = await context.connect(options);
  if (context.target.endpoint.topology === 'cluster') await touchEveryNode(session);
  return session;
}

/** This machine, by a name that is no loopback name: to a client it could be anywhere. */
export const elsewhere = { host: '0.0.0.0' };

interface Observed {
  readonly session: Session | undefined;
  /** All that its user is told: why it was not made, or gave up, and its errors. */
  readonly told: () => string;
}

/** A client that need not connect. */
export async function openObserved(context: Context, options?: OpenOptions): Promise<Observed> {
  let rejection = '';
  const reject = (error: Error): undefined => void (rejection = textOf(error));
  const session = await context.open(options).catch(reject);
  session?.ready().catch(reject);
  return { session, told: () => [rejection, ...(session?.errors ?? [])].join('\n').trim() };
}

/** Waits until `count` more tokens have been accepted. */
export async function newTokens(context: Context, count: number): Promise<void> {
  const { timeline } = context.target;
  const wanted = tokensAccepted(timeline).length + count;
  await context.eventually(
    `${count} token rotations`,
    () => tokensAccepted(timeline).length >= wanted,
    context.lifetimeMs * (count + 1),
  );
}

/** Waits until `count` more tokens have been accepted and that many connections have logged in with the last of them. */
export async function rotate(context: Context, connections: number, count = 1): Promise<void> {
  const { timeline } = context.target;
  await newTokens(context, count);
  await context.eventually(
    `a login of ${connections} connections with the newest token`,
    () => connectionsWith(timeline, tokensAccepted(timeline).at(-1)).size >= connections,
    context.lifetimeMs,
  );
}

/** Waits for another token, and until every connection that lives has logged in with it. */
export async function rotateEverywhere(context: Context, count = 1): Promise<void> {
  await newTokens(context, count);
  await untilAllCurrent(context);
}

/** Waits until every connection that lives has logged in with the newest token. */
export async function untilAllCurrent(context: Context): Promise<void> {
  const { timeline } = context.target;
  await context.eventually(
    'a login of every connection with the newest token',
    () => {
      const current = connectionsWith(timeline, tokensAccepted(timeline).at(-1));
      assert.deepEqual(
        [...liveConnections(timeline)].filter((connection) => !current.has(connection)),
        [],
      );
      return true;
    },
    context.lifetimeMs,
  );
}

/** Waits until the client has noticed that its connections were cut; where it has several or cannot say, until it has none. */
export async function untilDown(context: Context, session: Session): Promise<void> {
  const { endpoint, timeline } = context.target;
  if (endpoint.topology === 'standalone' && (await session.connected()) !== null) {
    return await context.eventually('the client has noticed', async () => (await session.connected()) === false);
  }
  await context.eventually('no connection is left', () => liveConnections(timeline).size === 0);
  // What the server has closed the client hears a few turns later, and several connections do not say so.
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** A client that gives its first connect up says so, its user can learn why, and the next one gets through. */
export async function givesUp(context: Context, session: Session, why: RegExp): Promise<void> {
  const error: unknown = await session.ready().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error !== undefined, 'it connected after all');
  await context.eventually('the user is told why', () => why.test(told(context, session, String(error))));
  await context.eventually('another client connects', async () => {
    return (await (await context.connect()).command('PING')) === 'PONG';
  });
}

/** All that the user can have heard: of the client, and of the adapter beside it. */
export const told = (context: Context, session?: Session, ...more: string[]): string =>
  [...more, ...(session?.errors ?? []), ...context.events.map(({ type, text }) => `${type} ${text}`)].join('\n');

/** How many events of this kind the adapter has told. */
export const countEvents = ({ events }: Context, type: ApplicationEvent['type']): number =>
  events.filter((event) => event.type === type).length;

/** None of these logins was with a token older than this one. */
export function assertNoneOlder(context: Context, entries: readonly LoginEntry[], token: string | undefined): void {
  const known = [...tokensSent(context.target.timeline)];
  assert.ok(token !== undefined && entries.length > 0, 'no login');
  for (const { login } of entries)
    assert.ok(known.indexOf(login.token) >= known.indexOf(token), 'a login with an older token');
}

/** The identity provider is down until it is healed, and the server has cut a connection whose token expired. */
export async function outagePastExpiry(context: Context): Promise<void> {
  const { entra, timeline } = context.target;
  entra.fail({ kind: 'status', status: 503 }, Number.POSITIVE_INFINITY);
  await context.eventually('the server cuts the expired connection', () =>
    timeline.landmarks.some(({ event }) => event === 'expired'),
  );
}

export async function clientId(session: Session): Promise<number> {
  return Number(await session.command('CLIENT', 'ID'));
}

export function assertNothingExpired(context: Context): void {
  assert.equal(expired(context.target.timeline), 0, 'the server cut a connection whose token had expired');
}

/**
 * Waits until the client answers again after a cut. What was in flight at the cut may fail, by the rules of the client.
 */
export async function isBack(context: Context, session: Session): Promise<void> {
  let settled = false;
  const answers = context.eventually('the client answers', async () => (await session.command('PING')) === 'PONG');
  const settle = (): void => void (settled = true);
  answers.then(settle, settle);
  // A client that hangs takes commands and never answers.
  await context.eventually('the client answers again', () => settled, context.scaled(6000));
  await answers;
}

/** Nothing of the user's goes over a connection before its login. */
export function assertLoginFirst(context: Context): void {
  const loggedIn = new Set<string>();
  for (const entry of context.target.timeline.entries) {
    if (entry.event === 'login') loggedIn.add(connectionOf(entry));
    if (entry.event === 'command' && /^[SG]ET$/i.test(entry.args?.[0] ?? ''))
      assert.ok(loggedIn.has(connectionOf(entry)), 'a command before the login of its connection');
  }
}

/** The rule of the house: no connection sends one token twice. */
export function assertOneAuthPerToken(context: Context): void {
  for (const [what, count] of authsPerToken(context.target.timeline))
    assert.equal(count, 1, `${what}: ${count} logins`);
}

/** Repeats a step in the background, with a short pause. `stop` says how often, or rejects with the step's first error. */
export function repeatUntilStopped(
  step: (round: number) => Promise<unknown>,
  pauseMs = 5,
): { stop(): Promise<number> } {
  const stopping = new AbortController();
  const rounds = (async () => {
    let round = 0;
    for (; !stopping.signal.aborted; round += 1) {
      await step(round);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return round;
  })();
  // A scenario that fails elsewhere never asks.
  rounds.catch(() => undefined);
  return {
    stop: async () => {
      stopping.abort();
      return await rounds;
    },
  };
}
