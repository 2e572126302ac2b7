import assert from 'node:assert/strict';
import type { Session } from '../driver.ts';
import type { Context } from '../types.ts';
import { authsPerToken, connectionsWith, expired, tokensAccepted } from '../wire.ts';

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

/** The identity provider is down until it is healed, and the server has cut a connection whose token expired. */
export async function outagePastExpiry(context: Context): Promise<void> {
  const { entra, timeline } = context.target;
  entra.fail({ kind: 'status', status: 503 }, Number.POSITIVE_INFINITY);
  await context.eventually('the server cuts the expired connection', () =>
    timeline.entries.some(({ event }) => event === 'expired'),
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
  await context.eventually('the client answers again', () => settled, 6000);
  await answers;
}

/** The rule of the house: no connection sends one token twice. */
export function assertOneAuthPerToken(context: Context): void {
  for (const [what, count] of authsPerToken(context.target.timeline))
    assert.equal(count, 1, `${what}: ${count} logins`);
}

/** Repeats a step in the background, with a short pause. `stop` says how often, or rejects with the step's first error. */
export function repeatUntilStopped(
  step: (round: number) => Promise<unknown>,
  pauseMs = 2,
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
