import { setTimeout as delay } from 'node:timers/promises';
import { tokenUrlOf } from '@entra-redis/conformance/driver-kit';
import { type DriverName, driverOf, startTarget } from './drivers.ts';

const commandEveryMs = 10;
/** Stands for a client that never answers again: longer than a run waits. */
const neverMs = 10_000;

export interface OutageResult {
  readonly failedCommands: number;
  /** From the end of the outage to the first answer; `neverMs` where none comes. */
  readonly recoveryMs: number;
}

/**
 * The commands of an application that never stops, while the identity provider is down for two lives of a token: the
 * renewal fails, the token expires, the cache cuts the connection, and after the outage everything should come back.
 */
export async function outage({ who, lifetimeMs }: { who: DriverName; lifetimeMs: number }): Promise<OutageResult> {
  const driver = await driverOf(who);
  const target = await startTarget(lifetimeMs);
  const { entra, endpoint } = target;
  const application = await driver.start({ tokenUrl: tokenUrlOf(entra), lifetimeMs });
  const session = await application.open(endpoint, { resp: 3 });
  await session.ready();
  const sent: Promise<void>[] = [];
  let succeeded = 0;
  let endedAt = Infinity;
  let recoveredAt: number | undefined;
  const timer = setInterval(() => {
    const settled = session.command('INCR', 'count').then(
      () => {
        succeeded += 1;
        if (performance.now() >= endedAt) recoveredAt ??= performance.now();
      },
      () => undefined,
    );
    sent.push(settled);
  }, commandEveryMs);
  await delay(lifetimeMs / 4);
  entra.fail({ kind: 'status', status: 503 }, Number.POSITIVE_INFINITY);
  await delay(2 * lifetimeMs);
  entra.heal();
  endedAt = performance.now();
  await delay(2 * lifetimeMs);
  clearInterval(timer);
  // Longer than any client's patience: what has not been answered then, never will be.
  await Promise.race([Promise.all(sent), delay(6000)]);
  const recoveryMs = recoveredAt === undefined ? neverMs : recoveredAt - endedAt;
  await session.close();
  await application.close();
  await target.close();
  return { failedCommands: sent.length - succeeded, recoveryMs };
}
