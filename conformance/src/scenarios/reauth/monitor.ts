import assert from 'node:assert/strict';
import type { Session } from '../../driver/driver.ts';
import type { Scenario } from '../scenario.ts';
import { liveConnections } from '../wire.ts';
import { assertNothingExpired, repeatUntilStopped, rotate } from '../steps.ts';

export const monitor: Scenario = {
  id: 'reauth/monitor',
  title: 'MONITOR across two refreshes: no stray reply among its lines, and it goes on',
  why: 'AUTH is refused or mixed into the stream in monitor mode; the server cuts it at expiry',
  requires: ['monitor'],
  topologies: ['standalone'],
  async run(context) {
    const worker = await context.connect();
    const watcher = await context.connect();
    const lines: string[] = [];
    await (watcher.monitor as NonNullable<Session['monitor']>)((line) => lines.push(line));
    const working = repeatUntilStopped((round) => worker.command('ECHO', `round ${round}`));
    await rotate(context, 2, 2);
    const rounds = await working.stop();
    await context.eventually('it still sees commands', async () => {
      await worker.command('ECHO', 'the last one');
      return lines.some((line) => line.includes('the last one'));
    });
    assert.ok(lines.filter((line) => line.includes('round')).length > rounds / 2, 'most lines were missed');
    const stray = lines.filter((line) => /^\+?(OK|PONG)$/i.test(line.trim()));
    assert.deepEqual(stray, [], 'the reply of an AUTH among the lines');
    assert.ok(liveConnections(context.target.timeline).size >= 2);
    assertNothingExpired(context);
  },
};
