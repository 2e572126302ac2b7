import assert from 'node:assert/strict';
import type { EntraFault } from '@entra-redis/emulator';
import type { Scenario } from '../scenario.ts';
import { newTokens, told } from '../steps.ts';
import { underLoad } from './load.ts';

/** What Entra says of an assertion before or after its time. */
const codes: Readonly<Record<string, string>> = {
  AADSTS700024: 'Client assertion is not within its valid time range.',
  AADSTS50012: 'Client assertion is not within its valid time range.',
};

const refusal = (code: string): EntraFault => ({
  kind: 'status',
  status: 401,
  error: 'invalid_client',
  description: `${code}: ${codes[code]}`,
});

export const healingCodes: Scenario = {
  id: 'token/healing-codes',
  title:
    'a federated token is being rotated: what Entra says of it heals by itself, and is not taken for a wrong configuration',
  why: 'https://github.com/Azure/azure-workload-identity/issues/693: AADSTS700024 for some seconds',
  requires: ['subscribe'],
  topologies: ['standalone'],
  lifetimeMs: 4000,
  async run(context) {
    const { entra } = context.target;
    await underLoad(context, async () => {
      for (const code of Object.keys(codes)) {
        entra.fail(refusal(code), 2);
        await newTokens(context, 1);
      }
    });
    for (const code of Object.keys(codes)) assert.ok(told(context).includes(code), `nobody was told of ${code}`);
    const failed = context.events.filter(({ type }) => type === 'failed');
    assert.deepEqual(failed, [], 'it was told as a failure that does not heal, or without a token in hand');
  },
};
