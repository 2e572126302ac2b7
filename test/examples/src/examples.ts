import type { RunningTarget } from '@entra-redis/conformance';
import { startCollector } from './collector.ts';
import { rotationsIn } from './rotations.ts';
import type { Load, Tally } from './tally.ts';
import { chat } from './traffic/chat.ts';
import { forecasts, limits, mails, orders, profiles, sessions, visits } from './traffic/http.ts';
import { likes } from './traffic/likes.ts';

/** What stands beside an application. */
export interface Companion {
  readonly env: Readonly<Record<string, string>>;
  /** Called when the application has ended. */
  check(target: RunningTarget, tally: Tally): void;
  close(): Promise<void>;
}

export interface Example {
  /** A target of the conformance suite: node-redis speaks TLS wherever the host is, ioredis outside loopback. */
  readonly target: 'redis-standalone' | 'redis-tls' | 'redis-cluster';
  /** How many processes. Default 1. */
  readonly instances?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly startCompanion?: () => Promise<Companion>;
  /** Starts a load on the instances; it fails where an answer is not what it must be. */
  readonly traffic: (urls: readonly string[], tally: Tally) => Promise<Load>;
}

async function collectMetrics(): Promise<Companion> {
  const collector = await startCollector();
  return {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_METRIC_EXPORT_INTERVAL: '1000' },
    check: ({ entra, timeline }, tally) => {
      const expected = new Map([
        ['entra_redis.token.request.duration{}', entra.requests.length],
        ['entra_redis.reauth.duration{client=ioredis}', rotationsIn(timeline).reauths],
      ]);
      for (const [name, count] of expected) {
        const found = collector.values.get(name);
        if (found === count) tally.counts[name] = count;
        else tally.fail(`${name} was exported as ${found}, and is ${count}`);
      }
      for (const name of collector.values.keys()) {
        if (name.startsWith('entra_redis.') && !expected.has(name)) tally.fail(`${name} was exported`);
      }
      if (collector.exports < 2) tally.fail(`metrics were exported ${collector.exports} times`);
    },
    close: () => collector.close(),
  };
}

/** Every example, by the name of its folder. */
export const examples: Readonly<Record<string, Example>> = {
  'node-redis': { target: 'redis-tls', traffic: likes },
  ioredis: { target: 'redis-standalone', traffic: mails },
  'ioredis-cluster': { target: 'redis-cluster', traffic: profiles },
  bullmq: { target: 'redis-standalone', traffic: orders },
  fastify: { target: 'redis-standalone', traffic: forecasts },
  'express-session': { target: 'redis-tls', traffic: sessions, env: { SESSION_SECRET: 'of the emulator' } },
  'socket-io': { target: 'redis-tls', traffic: chat, instances: 2 },
  'rate-limiter': { target: 'redis-standalone', traffic: limits },
  opentelemetry: { target: 'redis-standalone', traffic: visits, startCompanion: collectMetrics },
};
