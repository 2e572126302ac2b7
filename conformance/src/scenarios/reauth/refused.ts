import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { liveConnections, logins, reauths, tokensSent } from '../wire.ts';
import {
  assertNothingExpired,
  assertOneAuthPerToken,
  connectFully,
  everywhere,
  told,
  untilAllCurrent,
  wrongPass,
} from '../steps.ts';

export const refusedReauth: Scenario = {
  id: 'reauth/refused',
  title: 'a refused re-AUTH: one forced refresh and one retry; further refusals are reported, at a limited rate',
  why: '.NET: the cached token was revoked, a new one is accepted; an access policy that was taken away is not to be hammered',
  topologies: everywhere,
  lifetimeMs: 6000,
  async run(context) {
    const { entra, timeline } = context.target;
    const session = await connectFully(context);
    context.target.fault({ match: 'AUTH', action: wrongPass });
    await context.eventually('the forced token request', () => entra.requests.length >= 3, context.lifetimeMs);
    await context.eventually(
      'the re-AUTH with the token of the forced refresh',
      () => reauths(timeline).length > 0 && tokensSent(timeline).size >= 3,
      context.lifetimeMs,
    );
    assert.equal(entra.requests.length, 3, 'one at the start, one for the refresh, one forced by the refusal');
    await untilAllCurrent(context);
    const tokens = logins(timeline).map(({ login }) => login.token);
    context.target.fault({ match: 'AUTH', times: Number.POSITIVE_INFINITY, action: wrongPass });
    await context.eventually(
      'the user is told of a second refusal in a row',
      () => /reauthentication-failed/.test(told(context, session)),
      context.lifetimeMs,
    );
    assert.ok(told(context, session).includes(entra.objectId), 'the error does not name the object id to check');
    assert.equal(await session.command('PING'), 'PONG', 'the old token still holds');
    const attempts = timeline.landmarks.filter(({ event }) => event === 'fault').length;
    assert.ok(attempts <= 10 * liveConnections(timeline).size, `${attempts} refused logins: a tight loop`);
    context.target.heal();
    await context.eventually('a login once the server accepts', () => logins(timeline).length > tokens.length);
    assert.equal(await session.command('PING'), 'PONG');
    assertOneAuthPerToken(context);
    assertNothingExpired(context);
  },
};
