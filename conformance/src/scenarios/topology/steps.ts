import assert from 'node:assert/strict';
import type { Session } from '../../driver.ts';
import type { Context } from '../../types.ts';
import { newTokens } from '../steps.ts';
import { connectionsWith, liveConnections, logins, tokensAccepted } from '../../wire.ts';

const keys = Array.from({ length: 60 }, (_, index) => `key:${index}`);

/** Writes and reads keys of every master, so that a cluster client connects to all of them. */
export async function touchEveryNode(session: Session): Promise<void> {
  for (const key of keys) assert.equal(await session.command('SET', key, key), 'OK');
  for (const key of keys) assert.equal(await session.command('GET', key), key);
}

/** The masters that have seen a login. */
export const nodesWithLogins = (context: Context): Set<string | undefined> =>
  new Set(logins(context.target.timeline).map(({ node }) => node));

/** Waits for another token, and until every connection that lives has logged in with it. */
export async function rotateEverywhere(context: Context): Promise<void> {
  const { timeline } = context.target;
  await newTokens(context, 1);
  await context.eventually(
    'a login of every connection with the newest token',
    () => {
      const current = connectionsWith(timeline, tokensAccepted(timeline).at(-1));
      const late = [...liveConnections(timeline)].filter((connection) => !current.has(connection));
      assert.deepEqual(late, []);
      return true;
    },
    context.lifetimeMs,
  );
}
