import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { reauths } from '../wire.ts';
import { assertOneAuthPerToken, everywhere, rotate, untilAllCurrent } from '../steps.ts';

export const twoClients: Scenario = {
  id: 'reauth/two-clients',
  title: 'two clients on one manager: both log in again, with one token request',
  why: 'redis-py: two clients on one provider share one callback slot',
  topologies: everywhere,
  async run(context) {
    await Promise.all([context.connect(), context.connect()]);
    await rotate(context, 2);
    await untilAllCurrent(context);
    assertOneAuthPerToken(context);
    if (context.target.endpoint.topology === 'standalone') assert.equal(reauths(context.target.timeline).length, 2);
    assert.equal(context.target.entra.requests.length, 2, 'one request at the start, one for the refresh');
  },
};
