import { count, spell } from './finding.ts';
import type { Report, StepReport } from './report.ts';
import { steps } from './steps/chain.ts';
import { at, type Target } from './target.ts';
import type { Remedy } from './types.ts';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';
/** Paints text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export interface RenderOptions {
  readonly paint: Paint;
  /** Columns to wrap at; commands are never wrapped. */
  readonly width: number;
}

const marks: Readonly<Record<StepReport['status'], readonly [mark: string, style: Style]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
  'not-reached': ['·', 'dim'],
};

const column = Math.max(...steps.map(({ title }) => title.length)) + 2;

/** The report for people, as it grows. */
export function renderHeading(
  { host, port, product }: Pick<Target, 'host' | 'port' | 'product'>,
  { paint }: RenderOptions,
): string {
  const kind = product === 'other' || product === 'this machine' ? '' : ` (${product})`;
  return `${paint('bold', `${at(host, port)}${kind}`)}\n\n`;
}

export function renderStep(step: StepReport, options: RenderOptions): string {
  return `${linesOf(step, options).join('\n')}\n`;
}

function linesOf(step: StepReport, options: RenderOptions): string[] {
  const { paint, width } = options;
  const [mark, style] = marks[step.status];
  const head = `${paint(style, mark)} ${step.title.padEnd(column)}`;
  if (step.status === 'not-reached')
    return [`${paint('dim', mark)} ${paint('dim', `${step.title.padEnd(column)}not reached`)}`];
  const indent = ' '.repeat(column + 2);
  const text = (words: string): string[] => wrap(words, width - indent.length);
  const [first = '', ...rest] = text(step.found);
  const strong = (line: string): string => (step.status === 'ok' ? line : paint(style, line));
  return [
    `${head}${strong(first)}`,
    ...rest.map((line) => indent + strong(line)),
    ...(step.lines ?? []).flatMap(text).map((line) => indent + paint('dim', line)),
    ...(step.remedies ?? []).flatMap((each, index, all) =>
      renderRemedy(each, all.length > 1 ? `${index + 1}. ` : '→ ', indent, options),
    ),
  ];
}

function renderRemedy(
  { text, command }: Remedy,
  bullet: string,
  indent: string,
  { paint, width }: RenderOptions,
): string[] {
  const inner = indent + ' '.repeat(bullet.length);
  const lines = wrap(text, width - inner.length).map((line, index) => (index === 0 ? indent + bullet : inner) + line);
  return command === undefined ? lines : [...lines, inner + paint('cyan', command)];
}

export function renderConclusion({ steps: taken, exitCode, durationMs }: Report, { paint }: RenderOptions): string {
  const failed = taken.find(({ status }) => status === 'failed');
  const warnings = taken.filter(({ status }) => status === 'warning').length;
  if (failed !== undefined) return `\n${paint('red', `${failed.title} failed: exit code ${exitCode}.`)}\n`;
  const rest = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`;
  const words = `Everything works${rest}: ${taken.length} steps in ${spell(durationMs)}.`;
  return `\n${paint(warnings === 0 ? 'green' : 'yellow', words)}\n`;
}

/** Lines of at most `width` columns; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
