import { describe, expect, test } from 'vitest';
import { drivers, exitCodeOf, KnownFailures, planCases, runCases, scenarios, targets } from '../../src/index.ts';
import { runAgain, toldHeldUp, wasHeldUp } from '../../src/runner/held-up.ts';
import { knownFailing } from '../../src/drivers/ours-known-failing.ts';
import type { Case } from '../../src/runner/plan.ts';
import type { CaseResult } from '../../src/runner/case-result.ts';

const caseTimeoutMs = 60_000;
const known = new KnownFailures(knownFailing);

const takesLong = ({ scenario }: Case): boolean => scenario.id.startsWith('life/');

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

/** Why a run with this result is not good; nothing where it is. */
function troubleOf(result: CaseResult, trace: string): string {
  return exitCodeOf([result], () => true, 0) === 0 ? '' : `${JSON.stringify(result, undefined, 2)}\n${trace}`;
}

/** Each adapter with the newest major of its client, on one target; `npm run conformance` runs all. */
export function testAdapters(target: string): void {
  const seed = Number(process.env['TEST_SEED'] ?? 1 + Math.floor(Math.random() * 2 ** 31));
  const planned = planCases({ scenarios, drivers, targets }, { driver: 'ioredis@6*,node-redis@6*', target });
  // What takes long starts early, as it would run alone in the end.
  const cases = planned.toSorted((a, b) => Number(takesLong(b)) - Number(takesLong(a)));
  const heldUp: { readonly each: Case; readonly first: CaseResult }[] = [];
  describe(`seed ${seed}`, () => {
    test.concurrent.each(cases.map((each) => [each.address, each] as const))(
      '%s',
      { timeout: caseTimeoutMs * 2 },
      async (_, each) => {
        const { result, trace } = await runOne(each, seed);
        const isHeldUp = wasHeldUp(each, result);
        if (isHeldUp) {
          console.log(toldHeldUp(result));
          heldUp.push({ each, first: result });
        }
        expect(isHeldUp ? '' : troubleOf(result, trace)).toBe('');
      },
    );

    // Vitest starts it when all of those above have ended.
    test('cases that were held up, again, each alone', { timeout: caseTimeoutMs * 10 }, async () => {
      const troubles: string[] = [];
      for (const { each, first } of heldUp) {
        const isHeldUp = (result: CaseResult): boolean => wasHeldUp(each, result);
        const { result, trace } = await runAgain(first, () => runOne(each, seed), isHeldUp);
        troubles.push(troubleOf(result, trace));
      }
      expect(troubles.filter(Boolean)).toEqual([]);
    });
  });
}
