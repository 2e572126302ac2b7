// What a client leaves behind when it is closed in the middle of something must not end its process, and all cases with it.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CaseResult } from '../../src/runner/case-result.ts';
import { wasHeldUp } from '../../src/runner/held-up.ts';
import { runInWorkers } from '../../src/runner/workers.ts';
import { cases } from './closing-cases.ts';

const unhandled = 'an unhandled rejection, which ends a program';

test('what a client leaves unhandled as it is closed fails its own case alone', { timeout: 120_000 }, async () => {
  const ofCase = (result: CaseResult): boolean =>
    cases.some((each) => each.address === result.case && wasHeldUp(each, result));
  const results = await runInWorkers([...cases.keys()], {
    program: fileURLToPath(new URL('closing.child.ts', import.meta.url)),
    args: [],
    workers: 1,
    concurrency: 4,
    onResult: () => undefined,
    again: ofCase,
  });
  const failed = results.filter(({ outcome }) => outcome !== 'pass');
  expect(failed.map(({ driver, driverVersion, error }) => `${driver}@${driverVersion}: ${error}`)).toEqual([
    `leaves-rejection@1.0.0: ${unhandled}: left behind`,
    // By RESP2 and RESP3: it handles the promise of subscribing again only once it has credentials. 5.9 does at once.
    `node-redis@5.0.0: ${unhandled}: Disconnects client`,
    `node-redis@5.0.0: ${unhandled}: Disconnects client`,
  ]);
  expect(results).toHaveLength(cases.length);
});
