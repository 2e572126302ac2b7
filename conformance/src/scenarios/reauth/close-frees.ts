import assert from 'node:assert/strict';
import type { Scenario } from '../../types.ts';
import { everywhere } from '../steps.ts';

const clients = 5;

export const closeFrees: Scenario = {
  id: 'reauth/close-frees',
  title: 'nothing holds a closed client in memory',
  why: '@redis/entraid N3, N4: listeners of closed clients stay, and with them each client that a process ever had',
  topologies: everywhere,
  mustExit: true,
  collectsGarbage: true,
  async run(context) {
    const open = await context.connect();
    for (let i = 0; i < clients; i += 1) await (await context.connect()).close();
    await context.eventually(`${clients} closed clients are freed`, async () => {
      // A turn that comes from the network lets go of what the last ones looked at.
      await open.command('PING');
      const leaked = (await context.application.leaked?.()) ?? 0;
      assert.equal(leaked, 0, `${leaked} closed clients are still in memory`);
      return true;
    });
  },
};
