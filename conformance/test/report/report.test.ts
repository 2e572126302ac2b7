import { describe, expect, test } from 'vitest';
import { toClients, withClients } from '../../src/report/clients.ts';
import { toJunit } from '../../src/report/junit.ts';
import { toMatrix } from '../../src/report/matrix.ts';
import { fromRecord, settled, toRecord, updated } from '../../src/report/record.ts';
import { type Run, toJson } from '../../src/report/results.ts';
import type { CaseResult, Outcome } from '../../src/runner/case-result.ts';
import { resultOf as result } from '../support.ts';

const run: Run = { commit: 'abc', date: '2026-12-01T10:00:00.000Z', node: 'v24', seed: 7, isolated: true };
const whole = (...results: CaseResult[]) => ({ schema: 1, ...run, results }) as const;
const heldUp = { outcome: 'fail', stoodStillMs: 412, error: 'cut' } as const;

test('results.json has the schema that others read, with what was run and that a case was run again', () => {
  const json = toJson(whole(result('pass', { heldUp })));
  expect(JSON.parse(json)).toEqual({ schema: 1, ...run, results: [result('pass', { heldUp })] });
});

test('a record says of each case which run it is of, and whether it was run again; it is read back', () => {
  const later = { ...run, commit: 'def', seed: 8 };
  const { error: _, ...kept } = heldUp;
  const record = toRecord([
    { ...result('pass', { case: 'a' }), run },
    { ...result('pass', { case: 'b', heldUp }), run: later },
    { ...result('pass', { case: 'c' }), run },
  ]);
  expect(record.split('\n')).toHaveLength(9);
  const read = fromRecord(record);
  expect(read.map((each) => [each.case, each.run?.commit, each.heldUp])).toEqual([
    ['a', 'abc', undefined],
    ['b', 'def', kept],
    ['c', 'abc', undefined],
  ]);
  expect(toRecord(read)).toBe(record);
});

test('a record of another run of some cases keeps the others, in the order of the plan, and drops what is no more', () => {
  const of = (name: string, outcome: Outcome): CaseResult => result(outcome, { case: name });
  const before = [of('a', 'fail'), of('b', 'pass'), of('gone', 'pass')];
  const after = updated(before, [of('c', 'pass'), of('a', 'pass')], ['a', 'b', 'c', 'd']);
  expect(after.map(({ case: name, outcome }) => `${name} ${outcome}`)).toEqual(['a pass', 'b pass', 'c pass']);
  expect(settled(before)).toEqual(new Set(['b', 'gone']));
});

test('a case that could not run, and an older run of another machine, replace nothing in a record', () => {
  const at = (date: string, outcome: Outcome) => ({ ...result(outcome, { case: 'a' }), run: { ...run, date } });
  const recorded = [at('2026-12-02', 'pass')];
  const outcomes = (later: CaseResult[]) => updated(recorded, later, ['a', 'b']).map(({ outcome }) => outcome);
  expect(outcomes([at('2026-12-03', 'could-not-run')])).toEqual(['pass']);
  expect(outcomes([at('2026-12-01', 'fail')])).toEqual(['pass']);
  expect(outcomes([at('2026-12-03', 'fail')])).toEqual(['fail']);
  expect(updated([], [result('could-not-run', { case: 'a' })], ['a'])).toEqual([]);
});

test('a client in another language has its own section, which says on what it was measured', () => {
  const python = { language: 'Python', runtime: 'Python 3.11.7', packages: { 'redis-entraid': '1.2.0' } };
  const results = [
    { ...result('pass', { driver: 'redis-py', driverVersion: '8.0.0', ...python }), run },
    { ...result('pass'), run },
  ];
  const matrix = toMatrix(fromRecord(toRecord(results)));
  const [, own, other] = matrix.split(/^## /m);
  expect(own).toMatch(/^Node\.js\n[^]*\| scenario \| client@1\.0\.0 \|/);
  expect(other).toMatch(/^Python\n[^]*\| scenario \| redis-py@8\.0\.0 \|/);
  expect(other).toContain('- 1 cases: redis-py@8.0.0 and redis-entraid 1.2.0, Python 3.11.7: commit abc, 2026-12-01');
  expect(other).toContain('<a id="python-fake-a-b"></a>a/b');
});

describe('the table of clients', () => {
  const python = { driver: 'redis-py', driverVersion: '8.0.0', language: 'Python', runtime: 'Python 3.11.7' };
  const dirty = { ...run, commit: `${'abcdef01'.repeat(5)}-dirty` };
  const of = (scenario: string, outcome: Outcome) => ({ ...result(outcome, { ...python, scenario }), run: dirty });
  const rowOf = (...results: ReturnType<typeof of>[]): string | undefined =>
    toClients(results, new Map([['redis-py@8.0.0', 'its defaults']]))
      .split('\n')
      .at(-1);
  const measured = 'its defaults | 2026-12-01, Python 3.11.7, commit abcdef01abcd-dirty |';

  test('answers by the worst of the cases of a question, and links to that case', () => {
    expect(rowOf(of('reauth/subscriber-resp3', 'pass'), of('reauth/subscriber-resp2', 'known-failing'))).toBe(
      `| redis-py 8.0.0 (Python) |  | [❌ no](reports/conformance.md#python-fake-reauth-subscriber-resp2) |  |  | ${measured}`,
    );
  });

  test('answers by the commands whether a client stays logged in, and says beside it what becomes of idle connections', () => {
    const commands = '[✅ yes](reports/conformance.md#python-fake-life-commands)';
    expect(rowOf(of('life/commands', 'pass'), of('life/lock', 'pass'))).toBe(
      `| redis-py 8.0.0 (Python) | ${commands} |  |  |  | ${measured}`,
    );
    expect(rowOf(of('life/commands', 'pass'), of('life/lock', 'known-failing'))).toBe(
      `| redis-py 8.0.0 (Python) | ${commands}, idle connections: [❌ no](reports/conformance.md#python-fake-life-lock) |  |  |  | ${measured}`,
    );
  });
});

test('a page without the marks of the table is an error, not left as it is', () => {
  expect(withClients('a\n<!-- clients -->\nold\n<!-- /clients -->\nb', 'new')).toBe(
    'a\n<!-- clients -->\nnew\n<!-- /clients -->\nb',
  );
  expect(() => withClients('a', 'new')).toThrow('the page has no');
});

test('JUnit counts failures, errors and known failures, and escapes what was said', () => {
  const xml = toJunit(
    whole(
      result('pass', { heldUp }),
      result('fail', { error: 'expected <a> & "b"' }),
      result('known-failing', { reason: 'N3' }),
      result('could-not-run', { error: 'no server' }),
    ),
  );
  expect(xml).toContain('timestamp="2026-12-01T10:00:00.000Z"');
  expect(xml).toContain(
    '<property name="commit" value="abc"/><property name="node" value="v24"/><property name="seed" value="7"/>',
  );
  expect(xml).toMatch(
    /<system-out>run again, alone: the first time it was fail, while its process stood still for 412 ms</,
  );
  expect(xml).toContain('<testsuites tests="4" failures="1" errors="1">');
  expect(xml).toContain('<failure message="expected &lt;a&gt; &amp; &quot;b&quot;"/>');
  expect(xml).toContain('<skipped message="N3"/>');
  expect(xml).toContain('<error message="no server"/>');
});

test('a cell of the matrix shows the worst of its cases, and the reasons stand below', () => {
  const matrix = toMatrix([result('pass'), result('known-failing', { reason: 'lacks it (N3)' })]);
  expect(matrix).toContain('a/b | ❌ |');
  expect(matrix).toContain('- ❌ a/b, client@1.0.0: lacks it (N3)');
});

test('the matrix says which commit, when, by which seed, and which cases were run again', () => {
  const matrix = toMatrix([{ ...result('pass', { heldUp }), run }]);
  expect(matrix).toContain(
    '- 1 cases: commit abc, 2026-12-01T10:00:00.000Z, Node v24, seed 7, every driver a process of its own',
  );
  expect(matrix).toContain(
    '- ↻ a/b/driver:client@1.0.0/target:fake/resp:3: run again, alone: the first time it was fail',
  );
});
