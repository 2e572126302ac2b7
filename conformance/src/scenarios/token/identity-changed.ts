import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Context, Scenario } from '../scenario.ts';
import { logins, tokensAccepted } from '../wire.ts';
import { told, wrongPass } from '../steps.ts';
import { underLoad } from './load.ts';

/** Waits for logins with another token, the last of them by this identity. */
async function nextLoginOf(context: Context, what: string, objectId: string): Promise<void> {
  const { timeline } = context.target;
  const before = tokensAccepted(timeline).length;
  await context.eventually(
    `a login of ${what}`,
    () => tokensAccepted(timeline).length > before && logins(timeline).at(-1)?.login.username === objectId,
    context.lifetimeMs * 2,
  );
}

export const identityChanged: Scenario = {
  id: 'token/identity-changed',
  title:
    'the next token is of another identity, which the server refuses: both are named, and who was logged in stays so',
  why: 'https://github.com/Azure/azure-sdk-for-js/issues/13894: a chain of credentials switches identity; all connections become somebody else',
  requires: ['subscribe'],
  topologies: ['standalone'],
  lifetimeMs: 4000,
  async run(context) {
    const { entra, timeline } = context.target;
    const [former, other] = [entra.objectId, randomUUID()];
    await underLoad(context, async () => {
      context.target.fault({ match: ['AUTH', 'HELLO'], action: wrongPass, times: Number.POSITIVE_INFINITY });
      entra.configure({ objectId: other });
      await context.eventually(
        'the server refuses the other identity',
        () => timeline.landmarks.some(({ event }) => event === 'fault'),
        context.lifetimeMs * 2,
      );
      context.target.heal();
      // Whoever asks at once for another token gets the other identity's.
      await new Promise((resolve) => setTimeout(resolve, context.scaled(400)));
      entra.configure({ objectId: former });
      await nextLoginOf(context, 'who was there before', former);
    });
    const users = new Set(logins(timeline).map(({ login }) => login.username));
    assert.deepEqual([...users], [former], 'a connection became somebody else');
    const change = context.events.find(({ type }) => type === 'identity-changed');
    assert.ok(change?.text.includes(former) && change.text.includes(other), 'nobody was told of both identities');
    assert.ok(told(context).includes(other), 'nobody was told who was refused');
  },
};
