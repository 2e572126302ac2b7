import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderConclusion, renderHeading, renderStep } from '../src/render.ts';
import { steps } from '../src/steps/chain.ts';
import { parseTarget } from '../src/target.ts';
import { type Azure, managedRedis, normalize, startAzure } from './support/doctor.ts';

const root = new URL('..', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

let azure: Azure;
beforeAll(async () => {
  azure = await startAzure({ verifier: { verify: () => ({ ok: false, reason: 'no assignment' }) } });
});
afterAll(() => azure[Symbol.asyncDispose]());

test('the sample of the README is what the doctor says', async () => {
  const report = await azure.diagnose({
    requestToken: async () => {
      const { value, expiresAt } = await azure.entra.issueToken();
      const source = 'DefaultAzureCredential: EnvironmentCredential (client secret)';
      return { token: { value, expiresAt, obtainedAt: Date.now() }, source };
    },
  });
  const style = { paint: (_style: unknown, plain: string) => plain, width: 110 };
  const sample = [
    renderHeading(parseTarget(managedRedis), style),
    ...report.steps.map((step) => renderStep(step, style)),
    renderConclusion(report, style),
  ].join('');
  const shown = /```\n(my-cache[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  expect(normalize(shown)).toBe(normalize(sample));
});

test('the README lists the exit code of every step', () => {
  for (const { exitCode, title } of steps) expect(readme).toContain(`| ${exitCode} | ${title} |`);
});

test('the README lists every problem that the doctor can name', () => {
  const found = new Set<string>();
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    const source = readFileSync(new URL(file, root), 'utf8');
    for (const [, called, written] of source.matchAll(/(?:failed|warning)\(\s*'([\w-]+)'|problem: '([\w-]+)'/g)) {
      found.add(called ?? written ?? '');
    }
  }
  expect(found.size).toBeGreaterThan(40);
  expect([...found].filter((problem) => !readme.includes(`\`${problem}\``))).toEqual([]);
});
