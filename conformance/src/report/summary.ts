import { driverOf, type Recorded } from './record.ts';

/** One screen: a row for each driver, a column for each group of scenarios, over all servers: cases that passed, of how many. */
export function summaryTable(results: readonly Recorded[]): string {
  const groups = unique(results.map(groupOf));
  const rows = unique(results.map(driverOf)).map((driver) => {
    const own = results.filter((result) => driverOf(result) === driver);
    const cells = groups.map((group) => count(own.filter((result) => groupOf(result) === group)));
    return `| ${[driver, ...cells, count(own)].join(' | ')} |`;
  });
  return [`| ${['', ...groups, 'all'].join(' | ')} |`, `|${'---|'.repeat(groups.length + 2)}`, ...rows].join('\n');
}

const groupOf = ({ scenario }: Recorded): string => scenario.split('/')[0] ?? scenario;

/** `58 of 60 (2 ◐)`; nothing where the driver has no such case. */
function count(results: readonly Recorded[]): string {
  if (results.length === 0) return '';
  const passed = results.filter(({ outcome }) => outcome === 'pass').length;
  const degraded = results.filter(({ outcome }) => outcome === 'degraded-as-declared').length;
  return `${passed} of ${results.length}${degraded > 0 ? ` (${degraded} ◐)` : ''}`;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
