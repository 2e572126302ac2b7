import type { Scenario } from '../scenario.ts';
import { newTokens } from '../steps.ts';
import { underLoad } from './load.ts';

const setBackMs = 30 * 60_000;

export const clockBackCached: Scenario = {
  id: 'token/clock-back-cached',
  title:
    'the clock is set back while the credential answers from a cache that goes by it: no command fails, no message is lost',
  why: 'the cache takes a token for good that the server no longer does: half an hour without any',
  requires: ['subscribe', 'clock'],
  topologies: ['standalone'],
  lifetimeMs: 4000,
  async run(context) {
    const application = await context.startApplication({ caches: true });
    await underLoad(
      context,
      async () => {
        await application.setClock?.(-setBackMs);
        await newTokens(context, 3);
      },
      application,
    );
  },
};
