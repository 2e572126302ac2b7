import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { everywhere, openObserved, wrongPass } from '../steps.ts';

export const refusedTold: Scenario = {
  id: 'connect/refused-told',
  title:
    'no access policy is assigned: who listens to the errors of the client alone sees the object id and what to do',
  why: 'a trial as a new user: WRONGPASS invalid username-password pair, and no user name or password that the user knows of',
  topologies: everywhere,
  lifetimeMs: 60_000,
  async run(context) {
    const { entra, timeline } = context.target;
    context.target.fault({ match: ['AUTH', 'HELLO'], action: wrongPass, times: Number.POSITIVE_INFINITY });
    const { told } = await openObserved(context);
    await context.eventually('the refusal', () => timeline.landmarks.some(({ event }) => event === 'fault'));
    await context.eventually('the client tells its user', () => told() !== '');
    await context.eventually('the object id, in what the client tells', () => told().includes(entra.objectId));
    assert.match(told(), /access policy/, 'what to check');
    // A sentinel client of redis 5 cannot be closed while it connects.
    context.target.heal();
  },
};
