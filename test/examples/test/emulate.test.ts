import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { folderOf, startApplication } from '../src/application.ts';
import { type Example, examples } from '../src/examples.ts';
import { Tally } from '../src/tally.ts';
import { until } from '../src/until.ts';

const bin = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url));
/** Two instances share a cache: one command in its own environment is not how they run. */
const alone = Object.entries(examples).filter(([, { instances = 1 }]) => instances === 1);
const optionsFor: Readonly<Record<Example['target'], readonly string[]>> = {
  'redis-standalone': ['--cache', 'real'],
  'redis-tls': ['--cache', 'real', '--tls'],
  'redis-cluster': ['--cluster', '--tls'],
};

test.concurrent.for(alone)(
  'npx entra-redis emulate -- runs example-%s, and passes the signal that ends it on',
  async ([name, example], { expect }) => {
    const companion = await example.startCompanion?.();
    const emulate = [bin, 'emulate', '--lifetime', '6s', ...optionsFor[example.target], '--', process.execPath];
    const env = { ...example.env, ...companion?.env };
    const application = await startApplication(folderOf(name), env, undefined, [], emulate);
    const tally = new Tally();
    try {
      const load = await example.traffic([application.url], tally);
      const done = (): number => Object.values(tally.counts).reduce((sum, count) => sum + count, tally.failures.length);
      await until('20 answers', 30_000, () => done() >= 20);
      await load.stop();
    } finally {
      await application.stop();
      await companion?.close();
    }
    expect(tally.failures, application.complaints.join('\n')).toEqual([]);
    expect(application.exitCode).toBe(0);
  },
);
