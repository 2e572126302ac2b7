import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { packagePath } from '../package-folder.ts';
import { toldAgain } from '../runner/held-up.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Results, toldRun } from './results.ts';
import type { CaseTrace } from './trace.ts';

export interface PageOptions {
  readonly run: Results;
  /** The scenarios that the results name: for their titles and reasons. */
  readonly scenarios: readonly Pick<Scenario, 'id' | 'title' | 'why'>[];
  /** The picture of a case, by its address. */
  readonly traces: ReadonlyMap<string, CaseTrace>;
}

/** What printing hides comes last. */
const styles = ['detail.css', 'page.css'];

/** `index.html`: one page that needs nothing else, not even a network. */
export function toHtml({ run, scenarios, traces }: PageOptions): string {
  const { results, ...origin } = run;
  const cases = results.map((result) => {
    const trace = traces.get(result.case);
    return { ...result, ...(result.heldUp && { again: toldAgain(result.heldUp) }), ...(trace && { trace }) };
  });
  const named = new Set(results.map(({ scenario }) => scenario));
  const about = scenarios.filter(({ id }) => named.has(id)).map(({ id, title, why }) => ({ id, title, why }));
  const data = deflateRawSync(JSON.stringify({ ...origin, about: toldRun(run), scenarios: about, cases }), {
    level: 9,
  });
  const script = readFileSync(packagePath('dist', 'page.iife.js'), 'utf8');
  // Functions, as a replacement text would take `$&` in a script for a pattern.
  return readFileSync(packagePath('page', 'page.html'), 'utf8')
    .replace('/*style*/', () => styles.map((name) => readFileSync(packagePath('page', name), 'utf8')).join(''))
    .replace('<!--data-->', () => data.toString('base64'))
    .replace('/*script*/', () => script);
}
