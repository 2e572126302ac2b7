import { toldAgain } from '../runner/held-up.ts';
import type { CaseResult } from '../runner/case-result.ts';
import { unexpectedOutcomes } from '../runner/case-result.ts';
import { driverOf } from './record.ts';
import type { Results, Run } from './results.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
// Characters that XML 1.0 cannot hold become spaces.
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => entities[char] as string).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, ' ');

/** JUnit XML, as CI systems read it. A case that could not run is an error there; a known failure is a skipped one, with its reason. */
export function toJunit({ results, ...run }: Results): string {
  const count = (outcomes: readonly string[]): number => results.filter((r) => outcomes.includes(r.outcome)).length;
  const totals = `tests="${results.length}" failures="${count([...unexpectedOutcomes])}" errors="${count(['could-not-run'])}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `<testsuite name="entra-redis conformance" ${totals} skipped="${count(['known-failing'])}" timestamp="${escape(run.date)}">`,
    properties(run),
    ...results.map(testcase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({ commit, node, seed, isolated }: Run): string {
  const all = Object.entries({ commit, node, seed, isolated });
  const lines = all.map(([name, value]) => `<property name="${name}" value="${escape(String(value))}"/>`);
  return `<properties>${lines.join('')}</properties>`;
}

function testcase(result: CaseResult): string {
  const className = `${driverOf(result)}.${result.target}`;
  const open = `<testcase classname="${escape(className)}" name="${escape(result.case)}" time="${(result.durationMs / 1000).toFixed(3)}"`;
  const inside = `${verdict(result)}${result.heldUp ? `<system-out>${escape(toldAgain(result.heldUp))}</system-out>` : ''}`;
  return inside === '' ? `${open}/>` : `${open}>${inside}</testcase>`;
}

function verdict(result: CaseResult): string {
  const message = escape(result.error ?? result.reason ?? result.outcome);
  if (unexpectedOutcomes.has(result.outcome)) return `<failure message="${message}"/>`;
  if (result.outcome === 'could-not-run') return `<error message="${message}"/>`;
  if (result.outcome === 'known-failing') return `<skipped message="${escape(result.reason ?? '')}"/>`;
  return '';
}
