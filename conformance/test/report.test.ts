import { expect, test } from 'vitest';
import { toJunit } from '../src/report/junit.ts';
import { toMatrix } from '../src/report/matrix.ts';
import { settled, updated } from '../src/report/record.ts';
import { toJson } from '../src/report/results.ts';
import type { CaseResult, Outcome } from '../src/types.ts';

const result = (outcome: Outcome, more: Partial<CaseResult> = {}): CaseResult => ({
  case: `a/b/driver:client@1.0.0/target:fake/resp:3`,
  scenario: 'a/b',
  driver: 'client',
  driverVersion: '1.0.0',
  target: 'fake',
  outcome,
  durationMs: 12,
  ...more,
});

test('results.json has the schema that others read', () => {
  const json = toJson({ schema: 1, commit: 'abc', node: 'v24', seed: 7, results: [result('pass')] });
  expect(JSON.parse(json)).toEqual({ schema: 1, commit: 'abc', node: 'v24', seed: 7, results: [result('pass')] });
});

test('a record of another run of some cases keeps the others, in the order of the plan, and drops what is no more', () => {
  const of = (name: string, outcome: Outcome): CaseResult => result(outcome, { case: name });
  const before = [of('a', 'fail'), of('b', 'pass'), of('gone', 'pass')];
  const after = updated(before, [of('c', 'pass'), of('a', 'pass')], ['a', 'b', 'c', 'd']);
  expect(after.map(({ case: name, outcome }) => `${name} ${outcome}`)).toEqual(['a pass', 'b pass', 'c pass']);
  expect(settled(before)).toEqual(new Set(['b', 'gone']));
});

test('JUnit counts failures, errors and known failures, and escapes what was said', () => {
  const xml = toJunit([
    result('pass'),
    result('fail', { error: 'expected <a> & "b"' }),
    result('known-failing', { reason: 'N3' }),
    result('could-not-run', { error: 'no server' }),
  ]);
  expect(xml).toContain('<testsuites tests="4" failures="1" errors="1">');
  expect(xml).toContain('<failure message="expected &lt;a&gt; &amp; &quot;b&quot;"/>');
  expect(xml).toContain('<skipped message="N3"/>');
  expect(xml).toContain('<error message="no server"/>');
});

test('a cell of the matrix shows the worst of its cases, and the reasons stand below', () => {
  const matrix = toMatrix([result('pass'), result('known-failing', { reason: 'lacks it (N3)' })]);
  expect(matrix).toContain('| a/b | ❌ |');
  expect(matrix).toContain('- ❌ a/b, client@1.0.0: lacks it (N3)');
});
