import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { logins } from '../../wire.ts';

const userInfo = { username: 'someone', password: 'sesame' };

export const noUserinfo: Scenario = {
  id: 'connect/no-userinfo',
  title: 'a user and password in the URL are refused by name, not used in place of the token',
  why: 'node-redis: a user in the URL replaces credentialsProvider in silence; the client logs in as somebody else, or never',
  topologies: ['standalone'],
  lifetimeMs: 60_000,
  async run(context) {
    const { timeline } = context.target;
    const refusal: unknown = await context.open({ userInfo }).then(
      () => undefined,
      (error: unknown) => error,
    );
    // Where it opens, it connects; whom as is on the wire.
    if (refusal === undefined)
      await context.eventually('a login', () => timeline.entries.some(({ event }) => /login|refused/.test(event)));
    const sent = timeline.entries.flatMap(({ args = [] }) => args);
    assert.ok(!sent.includes(userInfo.username), 'it tried to log in as the user of the URL');
    assert.deepEqual(logins(timeline), [], 'it was accepted');
    assert.ok(refusal instanceof Error, 'it did not say so');
    const { code, message } = refusal as { code?: string; message: string };
    assert.match(`${code} ${message}`, /user/i, 'the error does not say what is wrong');
    assert.ok(!message.includes(userInfo.password), 'the error shows the password');
  },
};
