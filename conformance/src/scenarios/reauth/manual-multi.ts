import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import { commandNames, tokensSent } from '../wire.ts';
import { assertNothingExpired, clientId } from '../steps.ts';

interface Open {
  readonly session: Session;
  readonly id: number;
  readonly key: string;
  readonly end: 'EXEC' | 'DISCARD';
}

/** A transaction of one command on a client of its own. `byMethod`: begun by a method of the client, where it has one. */
async function begin(context: Context, end: Open['end'], byMethod: boolean): Promise<Open> {
  const session = await context.connect();
  const id = await clientId(session);
  const key = `key:${id}`;
  if (byMethod && session.begin !== undefined) await session.begin();
  else assert.equal(await session.command('MULTI'), 'OK');
  assert.equal(await session.command('SET', key, 'value'), 'QUEUED');
  return { session, id, key, end };
}

export const manualMulti: Scenario = {
  id: 'reauth/manual-multi',
  title: 'a MULTI by hand that is open during a refresh: AUTH waits for EXEC or DISCARD',
  why: '@redis/entraid N26 and Lettuce: AUTH is queued and pollutes EXEC',
  requires: ['manual-transaction'],
  topologies: ['standalone'],
  lifetimeMs: 5000,
  async run(context) {
    const { timeline } = context.target;
    const watcher = await context.connect();
    const open: Open[] = [];
    for (const end of ['EXEC', 'DISCARD'] as const)
      for (const byMethod of [false, true]) open.push(await begin(context, end, byMethod));
    const before = tokensSent(timeline).size;
    await context.eventually('a new token on the wire', () => tokensSent(timeline).size > before, context.lifetimeMs);
    // Long enough for the AUTHs of the window to be due, well before expiry.
    await new Promise((resolve) => setTimeout(resolve, context.lifetimeMs / 6));
    for (const { session, end } of open) assert.deepEqual(await session.command(end), end === 'EXEC' ? ['OK'] : 'OK');
    for (const { id, end } of open) {
      const sent = (): string[] => commandNames(timeline, id);
      await context.eventually(
        `the AUTH that waited for ${end}`,
        () => sent().lastIndexOf('AUTH') > sent().indexOf(end),
      );
      const inside = sent().slice(sent().indexOf('MULTI') + 1, sent().indexOf(end));
      assert.deepEqual(inside, ['SET'], `between MULTI and ${end}`);
    }
    for (const { key, end } of open) assert.equal(await watcher.command('GET', key), end === 'EXEC' ? 'value' : null);
    assertNothingExpired(context);
  },
};
