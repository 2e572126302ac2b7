import { describe, expect, test } from 'vitest';
import { drivers, exitCodeOf, KnownFailures, planCases, runCases, scenarios, targets } from '../src/index.ts';
import { knownFailing } from '../src/known-failing-list.ts';

const caseTimeoutMs = 60_000;
const known = new KnownFailures(knownFailing);

/** Each adapter with the newest major of its client, on one target; `npm run conformance` runs all. */
export function testAdapters(target: string): void {
  const seed = Number(process.env['TEST_SEED'] ?? 1 + Math.floor(Math.random() * 2 ** 31));
  const cases = planCases({ scenarios, drivers, targets }, { driver: 'ioredis@6*,node-redis@6*', target });
  describe(`seed ${seed}`, () => {
    test.concurrent.each(cases.map((each) => [each.address, each] as const))(
      '%s',
      { timeout: caseTimeoutMs * 2 },
      async (_, each) => {
        let trace = '';
        const results = await runCases([each], {
          seed,
          caseTimeoutMs,
          concurrency: 1,
          knownFailing: (address) => known.find(address),
          onResult: (_result, text = '') => {
            trace = text;
          },
        });
        expect(
          exitCodeOf(results, () => true, 0),
          `${JSON.stringify(results[0], undefined, 2)}\n${trace}`,
        ).toBe(0);
      },
    );
  });
}
