import type { Scenario } from '../scenario.ts';
import { newTokens } from '../steps.ts';
import { underLoad } from '../token/load.ts';

export const statedExpiryLater: Scenario = {
  id: 'connect/stated-expiry-later',
  title:
    'the credential states an expiry a minute later than the token has it: over three renewals no command fails, no message is lost',
  why: 'https://github.com/Azure/azure-sdk-for-js/issues/18979: the server goes by the token, and cuts',
  requires: ['subscribe'],
  topologies: ['standalone'],
  async run(context) {
    context.target.entra.configure({ statedLaterMs: 60_000 });
    await underLoad(context, () => newTokens(context, 3));
  },
};
