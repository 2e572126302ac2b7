// The suite is known to catch what it is for: an adapter that breaks one of the five rules fails a scenario.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { childDriver, planCases, runCases, scenarios, targets } from '../src/index.ts';
import type { CaseResult } from '../src/types.ts';
import { sabotages } from './sabotages.ts';

const program = fileURLToPath(new URL('./sabotaged-driver.ts', import.meta.url));
const none = '-1';

async function run(client: string, sabotage: string, scenario: string): Promise<CaseResult[]> {
  const drivers = [await childDriver([process.execPath, program, sabotage, client])];
  const cases = planCases({ scenarios, drivers, targets }, { scenario, target: 'fake' });
  return await runCases(cases, { seed: 1, concurrency: 4, caseTimeoutMs: 30_000, knownFailing: () => undefined });
}

describe.each(['ioredis', 'node-redis'])('%s', (client) => {
  const possible = sabotages.flatMap(({ rule, what, noticedBy, only = client }, index) =>
    only === client ? [[rule, what, noticedBy, String(index)] as const] : [],
  );
  test.concurrent.each(possible)(
    'rule %i broken: %s; %s fails',
    { timeout: 60_000 },
    async (_rule, _what, scenario, index) => {
      const results = await run(client, index, scenario);
      expect(results.map(({ outcome }) => outcome)).toContain('fail');
    },
  );

  test('the same driver without sabotage passes them all, as a process of its own', { timeout: 120_000 }, async () => {
    const noticing = [...new Set(sabotages.map(({ noticedBy }) => noticedBy))].join(',');
    const results = await run(client, none, noticing);
    expect(results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  });
});
