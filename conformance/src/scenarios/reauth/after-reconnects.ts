import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { assertOneAuthPerToken, isBack, rotate } from '../steps.ts';

const reconnects = 10;

export const afterReconnects: Scenario = {
  id: 'reauth/after-reconnects',
  title: `after ${reconnects} reconnects one refresh is still one AUTH`,
  why: '@redis/entraid N3: k reconnects, k + 1 AUTHs for each refresh',
  topologies: ['standalone'],
  lifetimeMs: 6000,
  async run(context) {
    const session = await context.connect();
    for (let i = 0; i < reconnects; i += 1) {
      context.target.cut();
      await isBack(context, session);
    }
    const before = reauths(context.target.timeline).length;
    await rotate(context, 1);
    assert.equal(reauths(context.target.timeline).length - before, 1);
    assertOneAuthPerToken(context);
  },
};
