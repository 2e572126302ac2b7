// The suite is known to catch what it is for: a driver that breaks a promise fails a scenario, for that reason.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { stdioDriver, planCases, scenarios, targets } from '../../src/index.ts';
import type { CaseResult } from '../../src/runner/case-result.ts';
import type { Case } from '../../src/runner/plan.ts';
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

async function plan({ client, sabotage, scenario, target }: Planned): Promise<Case[]> {
  const drivers = [await stdioDriver([process.execPath, program, sabotage, client])];
  return planCases({ scenarios, drivers, targets }, { scenario, target });
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
      // Where a scenario has a case for each protocol, either must notice.
      const cases = await plan({ client, sabotage: index, scenario, target });
      const [result] = await runPatiently(cases.slice(-1), 1, notices);
      expect(notices(result as CaseResult), JSON.stringify(result, undefined, 2)).toBe(true);
    },
  );

  test.each(['fake', 'fake-cluster'])(
    'the same driver without sabotage passes them all on %s, as a process of its own',
    { timeout: 240_000 },
    async (where) => {
      const there = sabotages.filter(({ target = 'fake' }) => target === where);
      const noticing = [...new Set(there.map(({ noticedBy }) => noticedBy))].join(',');
      const passes = ({ outcome }: CaseResult): boolean => outcome === 'pass';
      const cases = await plan({ client, sabotage: none, scenario: noticing, target: where });
      const results = await runPatiently(cases, 4, passes);
      expect(results.filter((result) => !passes(result))).toEqual([]);
    },
  );
});
