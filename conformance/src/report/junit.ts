import type { CaseResult } from '../types.ts';
import { unexpected } from '../unexpected.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
// Characters that XML 1.0 cannot hold become spaces.
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => entities[char] as string).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, ' ');

/** JUnit XML, as CI systems read it. A case that could not run is an error there; a known failure is a skipped one, with its reason. */
export function toJunit(results: readonly CaseResult[]): string {
  const count = (outcomes: readonly string[]): number => results.filter((r) => outcomes.includes(r.outcome)).length;
  const totals = `tests="${results.length}" failures="${count([...unexpected])}" errors="${count(['could-not-run'])}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `<testsuite name="entra-redis conformance" ${totals} skipped="${count(['known-failing'])}">`,
    ...results.map(testcase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(result: CaseResult): string {
  const className = `${result.driver}@${result.driverVersion}.${result.target}`;
  const open = `<testcase classname="${escape(className)}" name="${escape(result.case)}" time="${(result.durationMs / 1000).toFixed(3)}"`;
  const message = escape(result.error ?? result.reason ?? result.outcome);
  if (unexpected.has(result.outcome)) return `${open}><failure message="${message}"/></testcase>`;
  if (result.outcome === 'could-not-run') return `${open}><error message="${message}"/></testcase>`;
  if (result.outcome === 'known-failing')
    return `${open}><skipped message="${escape(result.reason ?? '')}"/></testcase>`;
  return `${open}/>`;
}
