import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { connectionOf, logins } from '../wire.ts';
import { assertNoneOlder, everywhere, isBack, rotate } from '../steps.ts';

export const freshOnReconnect: Scenario = {
  id: 'connect/fresh-on-reconnect',
  title: 'after a rotation a cut connection comes back with the newest token',
  why: 'ioredis #1738, #1810; dapr #3554: the options keep the token of the start',
  topologies: everywhere,
  async run(context) {
    const session = await context.connect();
    await rotate(context, 1);
    const before = logins(context.target.timeline);
    const known = new Set(before.map(connectionOf));
    context.target.cut();
    await isBack(context, session);
    const again = logins(context.target.timeline).slice(before.length);
    assertNoneOlder(context, again, before.at(-1)?.login.token);
    assert.ok(
      again.every((entry) => !known.has(connectionOf(entry))),
      'a login of a connection that was cut',
    );
  },
};
