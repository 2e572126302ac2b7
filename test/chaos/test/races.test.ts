import { drivers } from '@entra-redis/conformance';
import { adapterDrivers } from '@entra-redis/conformance/adapter-drivers';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { closeWaysThatEnd } from '../src/application/workarounds.ts';
import { nothingLeft, Race } from './race.ts';

beforeEach(() => {
  // Of RESP2, by our own adapter.
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
});
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const clients = drivers.flatMap(({ name, clientVersion, resp, closeWays }) =>
  resp.map((version) => ({ name, clientVersion, resp: version, ways: closeWaysThatEnd(name, closeWays) })),
);

/** How many orders are tried for each client. */
const races = Number(process.env['RACES'] ?? 25);

/** What may happen, in any order. */
const happenings = [
  'connect',
  'connect',
  'command',
  'command',
  'command',
  'refresh',
  'refresh',
  'cut',
  'cut',
  'wait',
  'wait',
  'wait',
  'close',
] as const;
type Happening = (typeof happenings)[number];

function happen(race: Race, what: Happening, nth: number, ways: readonly string[]): Promise<void> | void {
  switch (what) {
    case 'connect':
      return race.connect();
    case 'command':
      return race.command(nth % 2);
    case 'refresh':
      return race.refresh();
    case 'cut':
      return race.cut();
    case 'wait':
      return race.wait();
    case 'close':
      return race.close(0, ways[nth % ways.length] ?? '');
  }
}

describe.each(clients)('$name@$clientVersion, RESP$resp', ({ name, clientVersion, resp, ways }) => {
  test('however connect, token, login, refresh, cut, command and close fall, no socket, registration or promise is left', {
    timeout: 120_000 * Math.max(1, races / 25),
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(100), async (scheduler, nth) => {
        const race = await Race.start(
          scheduler,
          (manager) =>
            adapterDrivers({ decorate: manager }).find(
              (driver) => driver.name === name && driver.clientVersion === clientVersion,
            ) as never,
          resp,
        );
        try {
          for (const [index, what] of happenings.entries())
            void scheduler.schedule(Promise.resolve(), what).then(() => happen(race, what, nth + index, ways));
          while (scheduler.count() > 0) {
            await scheduler.waitOne();
            await race.settle();
          }
          expect(await race.leftovers()).toEqual(nothingLeft);
        } finally {
          await race.end();
        }
      }),
      { numRuns: races },
    );
  });
});
