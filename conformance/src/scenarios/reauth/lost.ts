import type { CacheFault } from '@entra-redis/emulator';
import type { Scenario } from '../scenario.ts';
import { logins } from '../wire.ts';
import { assertNothingExpired, connectFully, everywhere, isBack, untilAllCurrent } from '../steps.ts';

const losses: Readonly<Record<string, CacheFault['action']>> = {
  LOADING: { kind: 'error', message: 'LOADING Redis is loading the dataset in memory' },
  'a cut': { kind: 'cut' },
  'no answer': { kind: 'hang' },
  'a lost answer': { kind: 'cut', after: true },
};

export const lost: Scenario = {
  id: 'reauth/lost',
  title: 'a re-AUTH that meets LOADING, no answer or a cut is tried again before the old token expires',
  why: '@redis/entraid N17: a lost re-AUTH is only logged, and the server cuts the connection at expiry',
  topologies: everywhere,
  async run(context) {
    const { timeline } = context.target;
    const session = await connectFully(context);
    for (const [what, action] of Object.entries(losses)) {
      const before = logins(timeline).at(-1)?.login;
      context.target.fault({ match: 'AUTH', action });
      const met = timeline.landmarks.length;
      await context.eventually(
        `the AUTH that meets ${what}`,
        () => timeline.landmarks.slice(met).some(({ event }) => event === 'fault'),
        context.lifetimeMs * 2,
      );
      await isBack(context, session);
      await context.eventually(
        `after ${what}, a login with the newest token`,
        () => logins(timeline).at(-1)?.login.token !== before?.token,
      );
    }
    // Elsewhere the connection that met a loss is one of several.
    if (context.target.endpoint.topology !== 'standalone') await untilAllCurrent(context);
    assertNothingExpired(context);
  },
};
