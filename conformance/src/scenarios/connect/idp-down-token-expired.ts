import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { logins, tokensAccepted, tokensSent } from '../wire.ts';
import { assertOneAuthPerToken, everywhere, isBack, outagePastExpiry, told } from '../steps.ts';

const outageMs = 1500;

export const idpDownTokenExpired: Scenario = {
  id: 'connect/idp-down-token-expired',
  title: 'the identity provider is down, the token expired: paced tries, then recovery without a restart',
  why: 'https://github.com/valkey-io/valkey-glide/issues/5157: the client never comes back; or it storms Entra, which throttles it',
  topologies: everywhere,
  lifetimeMs: 2000,
  async run(context) {
    const { entra, timeline } = context.target;
    const session = await context.connect();
    await outagePastExpiry(context);
    const before = entra.requests.length;
    await context.eventually(
      'more tries after expiry',
      () => entra.requests.length >= before + 2,
      context.scaled(10_000),
    );
    await new Promise((resolve) => setTimeout(resolve, outageMs));
    // 100 ms apart would be paced; a loop makes hundreds.
    assert.ok(entra.requests.length - before < outageMs / 20, `${entra.requests.length - before} token requests`);
    assert.equal(tokensSent(timeline).size, 1, 'a second login without a second token');
    assert.match(told(context, session), /\b503\b/, 'the user was not told what failed');
    entra.heal();
    await isBack(context, session);
    assert.equal(
      tokensAccepted(timeline).length,
      2,
      'tokens that the server accepted, one before and one after the outage',
    );
    assertOneAuthPerToken(context);
    if (context.target.endpoint.topology === 'standalone')
      assert.equal(logins(timeline).length, 2, 'logins: more than one after the outage');
  },
};
