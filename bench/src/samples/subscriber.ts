import { setTimeout as delay } from 'node:timers/promises';
import type { RunningTarget } from '@entra-redis/conformance';
import { tokenUrlOf } from '@entra-redis/conformance/driver-kit';
import { Redis } from 'ioredis';
import { type DriverName, driverOf, startTarget } from './drivers.ts';
import { startSlowProxy } from './slow-proxy.ts';

const everyMs = 2;
const atOnce = 4;
const channel = 'news';

/** Publishes 2,000 numbered messages a second, with a token that outlives the measurement; answers how many. */
async function publish({ endpoint, entra }: RunningTarget, forMs: number): Promise<number> {
  const { value: password, objectId: username } = await entra.issueToken({ lifetimeMs: 3_600_000 });
  const redis = new Redis({ host: endpoint.host, port: endpoint.port, username, password });
  const sent: Promise<unknown>[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < forMs) {
    const due = (Math.floor((performance.now() - startedAt) / everyMs) + 1) * atOnce;
    while (sent.length < due) sent.push(redis.publish(channel, String(sent.length)));
    await delay(everyMs);
  }
  await Promise.all(sent);
  redis.disconnect();
  return sent.length;
}

interface SubscriberOptions {
  readonly who: DriverName;
  /** Each way between the subscriber and the cache. */
  readonly delayMs: number;
  readonly lifetimeMs: number;
}

/** Messages that a RESP2 subscriber missed while one token was replaced and expired. */
export async function subscriberLost({ who, delayMs, lifetimeMs }: SubscriberOptions): Promise<number> {
  const driver = await driverOf(who);
  const target = await startTarget(lifetimeMs);
  const far = delayMs > 0 ? await startSlowProxy(target.endpoint.port, delayMs) : undefined;
  const application = await driver.start({ tokenUrl: tokenUrlOf(target.entra), lifetimeMs });
  const session = await application.open({ ...target.endpoint, ...(far && { port: far.port }) }, { resp: 2 });
  await session.ready();
  const received = new Set<string>();
  await session.subscribe(channel, (message) => received.add(message));
  const published = await publish(target, 1.3 * lifetimeMs);
  await delay(500 + 4 * delayMs);
  await session.close();
  await application.close();
  far?.close();
  await target.close();
  return published - received.size;
}
