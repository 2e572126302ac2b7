import { describe, expect, test } from 'vitest';
import { drivers, exitCodeOf, KnownFailures, planCases, runCases, scenarios, targets } from '../src/index.ts';
import { secondRun, toldHeldUp, wasHeldUp } from '../src/held-up.ts';
import { knownFailing } from '../src/known-failing-list.ts';
import type { Case } from '../src/plan.ts';
import type { CaseResult } from '../src/types.ts';

const caseTimeoutMs = 60_000;
const known = new KnownFailures(knownFailing);

async function runOne(each: Case, seed: number): Promise<{ result: CaseResult; trace: string }> {
  let trace = '';
  const [result] = await runCases([each], {
    seed,
    caseTimeoutMs,
    concurrency: 1,
    knownFailing: (address) => known.find(address),
    onResult: (_result, text = '') => {
      trace = text;
    },
  });
  return { result: result as CaseResult, trace };
}

function judge(result: CaseResult, trace: string): void {
  expect(
    exitCodeOf([result], () => true, 0),
    `${JSON.stringify(result, undefined, 2)}\n${trace}`,
  ).toBe(0);
}

/** Each adapter with the newest major of its client, on one target; `npm run conformance` runs all. */
export function testAdapters(target: string): void {
  const seed = Number(process.env['TEST_SEED'] ?? 1 + Math.floor(Math.random() * 2 ** 31));
  const cases = planCases({ scenarios, drivers, targets }, { driver: 'ioredis@6*,node-redis@6*', target });
  const heldUp: { readonly each: Case; readonly first: CaseResult }[] = [];
  describe(`seed ${seed}`, () => {
    test.concurrent.each(cases.map((each) => [each.address, each] as const))(
      '%s',
      { timeout: caseTimeoutMs * 2 },
      async (_, each) => {
        const { result, trace } = await runOne(each, seed);
        if (!wasHeldUp(each, result)) return judge(result, trace);
        console.log(toldHeldUp(result));
        heldUp.push({ each, first: result });
      },
    );

    // Vitest starts it when all of those above have ended.
    test('cases that were held up, again, each alone', { timeout: caseTimeoutMs * 10 }, async () => {
      for (const { each, first } of heldUp) {
        const { result, trace } = await runOne(each, seed);
        judge(secondRun(result, first), trace);
      }
    });
  });
}
