// One library at work in a process of its own, which must end by itself: node src/program.ts bullmq 45
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultAzureCredential } from '@azure/identity';
import { createTokenManager } from '@entra-redis/token-manager';
import { libraries } from './libraries/index.ts';
import type { Outcome } from './outcome.ts';

const [name = '', seconds] = process.argv.slice(2);
const library = libraries[name];
if (library === undefined) throw new RangeError(`There is no library ${name}: ${Object.keys(libraries).join(', ')}.`);
const [host = '', port] = (process.env['AZURE_REDIS_ENDPOINT'] ?? '').split(':');

const failures: string[] = [];
const complain = (error: unknown): void => void failures.push(error instanceof Error ? error.message : String(error));
process.on('warning', (warning) => {
  if (warning.name === 'EntraRedisWarning') complain(warning);
});

const manager = createTokenManager(new DefaultAzureCredential());
manager.subscribe((event) => 'error' in event && complain(event.error));
const { start } = await library.load();
const work = await start({ host, port: Number(port), manager, complain });
const endsAt = performance.now() + Number(seconds) * 1000;
let steps = 0;
while (performance.now() < endsAt) {
  steps += 1;
  await work.step(steps).catch(complain);
  await sleep(20);
}
// The server sees the connections until here.
process.send?.({ steps, failures } satisfies Outcome);
process.once('message', () => {
  process.disconnect();
  work.stop().then(
    () => manager.close(),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
});
