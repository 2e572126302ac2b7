import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import { fetchToken } from '../../drivers/http-provider.ts';
import type { Context, Scenario } from '../scenario.ts';
import { clientId, countEvents } from '../steps.ts';
import { type Clients, type Load, openClients, startLoad } from './azure-load.ts';

const rotations = 3;

/** RESP2 has no AUTH for a subscriber. */
const authenticated = ({ resp }: Context, { session, copy, worker, subscriber }: Clients): readonly Session[] =>
  resp === 3 ? [session, copy, worker, subscriber] : [session, copy, worker];

/** Each token is a new one: the client's own refreshes, each accepted on every connection. */
async function refresh(context: Context, clients: Clients): Promise<void> {
  const wanted = rotations * authenticated(context, clients).length;
  await context.eventually(
    `${rotations} rotations`,
    () => countEvents(context, 'token') > rotations && countEvents(context, 'reauthenticated') >= wanted,
    55_000,
  );
}

/**
 * The identity answers one token for hours, which the token manager rightly takes for no reason to send anything. So the scenario
 * sends what the manager would: that the cache takes an AUTH on a connection in use, behind a block and amid MULTI of others, is all
 * that can be seen here of a refresh.
 */
async function authenticateAgain(context: Context, clients: Clients, load: Load): Promise<void> {
  for (let i = 0; i < rotations; i += 1) {
    const { value } = await fetchToken(context.target.tokenUrl ?? '');
    const { oid } = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('utf8')) as { oid: string };
    const replies = authenticated(context, clients).map((client) => client.command('AUTH', oid, value));
    assert.deepEqual(new Set(await Promise.all(replies)), new Set(['OK']));
    await load.goOn();
  }
}

export const lifeAzure: Scenario = {
  id: 'life/azure',
  title: `a real cache and a real identity: ${rotations} re-AUTHs of each connection under load, no command fails, the connections stay`,
  why: 'the emulator is what we know of Azure; this is Azure',
  requires: ['pipeline', 'transaction', 'blocking', 'duplicate', 'subscribe'],
  topologies: ['standalone'],
  azure: true,
  async run(context) {
    const renews = await context.target.renewsTokens?.();
    const clients = await openClients(context);
    const { session, copy, worker, subscriber } = clients;
    const connections = (): Promise<number[]> => Promise.all([session, copy, worker].map(clientId));
    const before = await connections();
    assert.notEqual(await session.command('ACL', 'WHOAMI'), 'default');
    const load = startLoad(context, clients);
    await load.goOn();
    await (renews === true ? refresh(context, clients) : authenticateAgain(context, clients, load));
    await load.stop();
    assert.deepEqual(await connections(), before, 'a connection was replaced');
    const failed = context.events.filter(({ type }) => type === 'reauthentication-failed' || type === 'refused');
    assert.deepEqual(failed, []);
    assert.deepEqual(
      [session, copy, worker, subscriber].flatMap(({ errors }) => errors),
      [],
    );
  },
};
