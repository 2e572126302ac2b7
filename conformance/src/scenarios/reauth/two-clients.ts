import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { reauths } from '../../wire.ts';
import { rotate } from '../steps.ts';

export const twoClients: Scenario = {
  id: 'reauth/two-clients',
  title: 'two clients on one manager: both log in again, with one token request',
  why: 'redis-py: two clients on one provider share one callback slot',
  topologies: ['standalone'],
  async run(context) {
    await Promise.all([context.connect(), context.connect()]);
    await rotate(context, 2);
    assert.equal(reauths(context.target.timeline).length, 2);
    assert.equal(context.target.entra.requests.length, 2, 'one request at the start, one for the refresh');
  },
};
