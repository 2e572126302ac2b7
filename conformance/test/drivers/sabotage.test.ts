// The suite is known to catch what it is for: a driver that breaks a promise fails a scenario, for that reason.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { stdioDriver, planCases, scenarios, targets } from '../../src/index.ts';
import type { CaseResult } from '../../src/runner/case-result.ts';
import { runPatiently } from '../run-patiently.ts';
import { sabotages } from './sabotages.ts';

const program = fileURLToPath(new URL('./sabotaged-driver.ts', import.meta.url));
const none = '-1';

interface Planned {
  readonly client: string;
  readonly sabotage: string;
  readonly scenario: string;
  readonly target: string;
}

async function run(
  { client, sabotage, scenario, target }: Planned,
  expected: (result: CaseResult) => boolean,
): Promise<CaseResult[]> {
  const drivers = [await stdioDriver([process.execPath, program, sabotage, client])];
  const cases = planCases({ scenarios, drivers, targets }, { scenario, target });
  return await runPatiently(cases, 4, expected);
}

describe.each(['ioredis', 'node-redis'])('%s', (client) => {
  const possible = sabotages.flatMap((sabotage, index) =>
    (sabotage.only ?? client) === client
      ? [[sabotage.rule, sabotage.what, sabotage.noticedBy, sabotage, String(index)] as const]
      : [],
  );
  test.concurrent.each(possible)(
    'rule %s broken: %s; %s fails',
    { timeout: 240_000 },
    async (_rule, _what, scenario, { says, target = 'fake' }, index) => {
      const notices = ({ outcome, error = '' }: CaseResult): boolean => outcome === 'fail' && says.test(error);
      const results = await run({ client, sabotage: index, scenario, target }, notices);
      expect(results.filter(notices), JSON.stringify(results, undefined, 2)).not.toEqual([]);
    },
  );

  test.each(['fake', 'fake-cluster'])(
    'the same driver without sabotage passes them all on %s, as a process of its own',
    { timeout: 240_000 },
    async (where) => {
      const there = sabotages.filter(({ target = 'fake' }) => target === where);
      const noticing = [...new Set(there.map(({ noticedBy }) => noticedBy))].join(',');
      const passes = ({ outcome }: CaseResult): boolean => outcome === 'pass';
      const results = await run({ client, sabotage: none, scenario: noticing, target: where }, passes);
      expect(results.filter((result) => !passes(result))).toEqual([]);
    },
  );
});
