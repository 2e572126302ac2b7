import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root } from '../src/markdown.ts';
import { diagrams } from '../src/picture/diagrams.ts';
import { draw } from '../src/picture/draw.ts';
import type { Run } from '../src/picture/record.ts';

const read = (file: string): string => readFileSync(`${root}docs/how-refresh-works/${file}`, 'utf8');
const run = JSON.parse(read('run.json')) as Run;

test('the picture of how refresh works is drawn from the record beside it', () => {
  expect(draw(run)).toBe(read('picture.svg'));
});

test.each(Object.entries(diagrams))('%s is what draws it', (file, drawDiagram) => {
  expect(drawDiagram()).toBe(read(file));
});

test.each(['picture.svg', ...Object.keys(diagrams)])('%s has a title, a description and a dark mode', (file) => {
  const svg = read(file);
  expect(svg).toMatch(/<title id="title">[^<]+<\/title><desc id="description">[^<]{80,}<\/desc>/);
  expect(svg).toContain('role="img" aria-labelledby="title description"');
  expect(svg).toContain('prefers-color-scheme: dark');
});

test('the record holds what the page says of it', () => {
  expect(run).toMatchObject({ failed: 0, cut: 0 });
  expect(run.tokens).toHaveLength(4);
  expect(run.connections).toHaveLength(9);
  // One request for all, and one AUTH for each connection and token.
  expect(run.requests.filter(({ ok }) => ok)).toHaveLength(run.tokens.length);
  for (const { logins } of run.connections) expect(logins.map(({ token }) => token)).toEqual([0, 1, 2, 3]);
  const failed = run.requests.filter(({ ok }) => !ok);
  expect(failed.length).toBeGreaterThan(0);
  for (const { atS } of failed) {
    expect(atS).toBeGreaterThan(run.outage.fromS);
    expect(atS).toBeLessThan(run.outage.toS);
  }
});
