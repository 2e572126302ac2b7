import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { errorName, textOf } from '../steps.ts';

const userInfo = { username: 'someone', password: 'sesame' };

export const noUserinfo: Scenario = {
  id: 'connect/no-userinfo',
  title: 'a user and password in the URL are refused by name, not used in place of the token',
  why: 'node-redis: a user in the URL replaces credentialsProvider in silence; the client logs in as somebody else, or never',
  // Sentinels are given as hosts and ports: no URL.
  topologies: ['standalone', 'cluster'],
  lifetimeMs: 60_000,
  async run(context) {
    const { timeline } = context.target;
    const opened = await context.open({ userInfo }).catch((error: unknown) => error as Error);
    // A client that opens connects, and the wire shows as whom; or its user is told that it does not.
    if (!(opened instanceof Error))
      await context.eventually(
        'a login or an error',
        () => opened.errors.length > 0 || timeline.landmarks.some(({ event }) => /login|refused/.test(event)),
      );
    const sent = timeline.entries.flatMap(({ args = [] }) => args);
    assert.ok(!sent.includes(userInfo.username), 'it tried to log in as the user of the URL');
    assert.deepEqual(logins(timeline), [], 'it was accepted');
    const told = opened instanceof Error ? textOf(opened) : opened.errors.join('\n');
    // As ERR_USERINFO_IN_URL.
    assert.match(told, errorName(context), 'the error has no code');
    assert.match(told, /user/i, 'the error does not say what is wrong');
    assert.ok(!told.includes(userInfo.password), 'the error shows the password');
  },
};
