import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import { everywhere } from '../steps.ts';

const clients = 5;

export const closeFrees: Scenario = {
  id: 'reauth/close-frees',
  title: 'nothing holds a closed client in memory',
  why: '@redis/entraid N3, N4: listeners of closed clients stay, and with them each client that a process ever had',
  requires: ['leak-count'],
  topologies: everywhere,
  mustExit: true,
  collectsGarbage: true,
  async run(context) {
    const open = await openAndClose(context);
    await context.eventually(`${clients} closed clients are freed`, async () => {
      // A turn that comes from the network lets go of what the last ones looked at.
      await open.command('PING');
      const leaked = await context.application.leaked?.();
      assert.equal(leaked, 0, `${leaked} closed clients are still in memory`);
      return true;
    });
  },
  // Nobody can tell what is in memory; the process must exit all the same.
  async otherwise(context) {
    assert.equal(await (await openAndClose(context)).command('PING'), 'PONG');
  },
};

async function openAndClose(context: Context): Promise<Session> {
  const open = await context.connect();
  for (let i = 0; i < clients; i += 1) await (await context.connect()).close();
  return open;
}
