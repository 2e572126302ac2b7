import type { TokenManagerOptions } from '@entra-redis/token-manager';
import { Redis } from 'ioredis';
import { FleetClock } from './clock.ts';
import { FleetProcess, type Rates } from './process.ts';
import { hour, minute, type SourceName, sourceOf } from './providers.ts';
import { Rate } from './rates.ts';

export interface FleetOptions {
  readonly processes: number;
  readonly connectionsEach: number;
  readonly source: SourceName;
  readonly happens: 'nothing' | 'outage' | 'restart';
  readonly settings: Pick<TokenManagerOptions, 'refresh' | 'reauthWindowMs'>;
  readonly reconnect: 'client' | 'spread';
  readonly seed: number;
}

export interface FleetResult {
  /** Peaks per second, after the start. */
  readonly reauthPeak: number;
  readonly handshakePeak: number;
  readonly requestPeak: number;
  /** What they would be if each process refreshed once per refresh period and all of them evenly. */
  readonly evenReauths: number;
  readonly evenRequests: number;
  /** Requests of each process in an hour. */
  readonly requestsPerProcessHour: number;
  /** The highest second of each minute. */
  readonly byMinute: Readonly<Record<'reauths' | 'handshakes' | 'requests', readonly number[]>>;
}

/** ioredis' own strategy, and one that spreads a whole fleet over half a minute. */
function reconnectDelay(reconnect: FleetOptions['reconnect'], clock: FleetClock): (tries: number) => number {
  if (reconnect === 'spread') return () => clock.random() * 30_000;
  const client = new Redis({ lazyConnect: true });
  const { retryStrategy } = client.options;
  client.disconnect();
  return (tries) => Number(retryStrategy?.(tries));
}

/** How many lives of a token it takes to see what happens, and the renewals after it. */
const lives = { nothing: 1.5, outage: 1.9, restart: 1.5 } as const;

/** A fleet whose processes start together, on a virtual clock. */
export async function simulate(options: FleetOptions): Promise<FleetResult> {
  // Nobody reads the stacks of a million failures.
  Error.stackTraceLimit = 0;
  const clock = new FleetClock(options.seed);
  // ioredis' retryStrategy draws its jitter there.
  Math.random = () => clock.random();
  const rates: Rates = { reauths: new Rate(), handshakes: new Rate(), requests: new Rate() };
  const source = sourceOf(options.source, { clock, requests: rates.requests });
  const retryDelayMs = reconnectDelay(options.reconnect, clock);
  const fleet = Array.from(
    { length: options.processes },
    () =>
      new FleetProcess({
        clock,
        rates,
        provider: source.provider(),
        connections: options.connectionsEach,
        settings: options.settings,
        retryDelayMs,
      }),
  );
  const end = lives[options.happens] * source.lifetimeMs;
  if (options.happens === 'outage') source.outage = { from: 0.1 * source.lifetimeMs, to: 1.1 * source.lifetimeMs };
  if (options.happens === 'restart')
    clock.schedule(0.5 * hour, () => {
      for (const each of fleet) each.cutAll(5000);
    });
  await Promise.all(fleet.map((each) => each.start()));
  await clock.runUntil(end);
  for (const each of fleet) each.close();
  const period = 0.7 * source.lifetimeMs;
  const after = { from: minute, to: end };
  const connections = options.processes * options.connectionsEach;
  return {
    reauthPeak: rates.reauths.peak(after),
    handshakePeak: rates.handshakes.peak(after),
    requestPeak: rates.requests.peak({ ...after, widthSeconds: 60 }),
    evenReauths: (connections * 1000) / period,
    evenRequests: (options.processes * 1000) / period,
    requestsPerProcessHour: rates.requests.total({ from: 0, to: end }) / options.processes / (end / hour),
    byMinute: {
      reauths: rates.reauths.byMinute(end / minute),
      handshakes: rates.handshakes.byMinute(end / minute),
      requests: rates.requests.byMinute(end / minute),
    },
  };
}
