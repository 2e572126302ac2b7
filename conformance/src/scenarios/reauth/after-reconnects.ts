import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { reauths } from '../wire.ts';
import { assertOneAuthPerToken, connectFully, everywhere, isBack, rotateEverywhere } from '../steps.ts';

const reconnects = 10;

export const afterReconnects: Scenario = {
  id: 'reauth/after-reconnects',
  title: `after ${reconnects} reconnects one refresh is still one AUTH`,
  why: '@redis/entraid N3: k reconnects, k + 1 AUTHs for each refresh',
  topologies: everywhere,
  lifetimeMs: 6000,
  async run(context) {
    const { timeline } = context.target;
    const session = await connectFully(context);
    for (let i = 0; i < reconnects; i += 1) {
      context.target.cut();
      await isBack(context, session);
    }
    const before = reauths(timeline).length;
    await rotateEverywhere(context);
    const again = reauths(timeline).length - before;
    if (context.target.endpoint.topology === 'standalone') assert.equal(again, 1);
    assert.ok(again > 0);
    assertOneAuthPerToken(context);
  },
};
