import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import {
  carrierOf,
  connectionOf,
  liveConnections,
  logins,
  tokensAccepted,
  tokensSent,
  tokensSentOver,
} from '../wire.ts';
import { assertNothingExpired, clientId, everywhere, rotate, wrongPass } from '../steps.ts';

const refreshes = 3;

/**
 * Three refreshes before the server would cut. One comes by itself; the AUTHs of another connection are refused until two more tokens
 * have been asked for. Ends when that connection has logged in with the last.
 */
async function refreshOften(context: Context, other: Session): Promise<void> {
  const { entra, timeline } = context.target;
  const connection = await clientId(other);
  context.target.fault({ match: 'AUTH', times: Number.POSITIVE_INFINITY, connection, action: wrongPass });
  await context.eventually('the refreshes', () => entra.requests.length > refreshes, context.lifetimeMs);
  context.target.heal();
  await context.eventually('a login with the last token', () => {
    const sent = [...tokensSent(timeline)];
    return sent.length > refreshes && sent.at(-1) === tokensAccepted(timeline).at(-1);
  });
}

/** Peers ask for no other token when one is refused, but take tokens that expire before the one at hand. */
async function refreshSoon(context: Context): Promise<void> {
  context.target.entra.configure({ lifetimeMs: 1000 });
  await rotate(context, 1, refreshes);
}

/** One AUTH was behind the block when the next token came; of all that came after it only the newest is sent. */
function assertNoPile([, ...again]: readonly string[]): void {
  assert.ok(again.length <= 2, `${again.length} AUTHs of one connection for one block`);
  assert.equal(new Set(again).size, again.length, 'a token was sent twice');
}

export const blocked: Scenario = {
  id: 'reauth/blocked',
  title:
    'BLPOP across refreshes: when it ends, the AUTH behind it and the newest, and no other; other connections log in at once',
  why: '@redis/entraid N27: AUTHs pile up behind the block; BullMQ #3668: workers block for most of their life',
  requires: ['blocking'],
  topologies: everywhere,
  lifetimeMs: 8000,
  async run(context) {
    const { driver, target } = context;
    const { timeline } = target;
    const worker = await context.connect();
    const other = await context.connect();
    const job = worker.command('BLPOP', 'queue', '0');
    // Each node of a cluster counts its connections for itself.
    const often = target.endpoint.topology === 'standalone' && driver.peer !== true;
    if (often) await refreshOften(context, other);
    else if (driver.peer === true) await refreshSoon(context);
    else await rotate(context, 1);
    const connection = carrierOf(timeline, 'BLPOP') as string;
    const accepted = tokensAccepted(timeline);
    await other.command('RPUSH', 'queue', 'job');
    assert.deepEqual(await job, ['queue', 'job']);
    // Or with a later one: peers have a token for each client.
    const former = new Set(accepted.slice(0, -1));
    await context.eventually('a login of every connection with the newest token', () => {
      const current = logins(timeline).filter(({ login }) => !former.has(login.token));
      const connections = new Set(current.map(connectionOf));
      return [...liveConnections(timeline)].every((live) => connections.has(live));
    });
    const sent = (): string[] => tokensSentOver(timeline, connection);
    if (often) await context.eventually('the newest token after the block', () => sent().at(-1) === accepted.at(-1));
    assert.equal(await worker.command('PING'), 'PONG');
    assertNoPile(sent());
    assertNothingExpired(context);
  },
};
