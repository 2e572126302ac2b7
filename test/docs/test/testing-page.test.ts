import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { afterAll, expect, test } from 'vitest';
import { blocksOf } from '../src/markdown.ts';
import { withVitest } from '../src/write-programs.ts';

const folder = mkdtempSync(fileURLToPath(new URL('../out-testing-', import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tests that the page shows pass in Vitest', async () => {
  const shown = blocksOf('docs/testing.md').filter(({ words }) => ['vitest', 'jest'].includes(words.get('id') ?? ''));
  for (const { words, text } of shown) writeFileSync(`${folder}/${words.get('id')}.test.ts`, withVitest(text));
  const run = await startVitest('test', [], {
    root: folder,
    watch: false,
    config: false,
    reporters: [],
    include: ['*.test.ts'],
  });
  const failed = run.state.getTestModules().filter((module) => !module.ok());
  const errors = failed.flatMap((module) => [
    ...module.errors(),
    ...[...module.children.allTests()].map((each) => each.result()),
  ]);
  await run.close();
  expect(errors).toEqual([]);
  expect(run.state.getCountOfFailedTests()).toBe(0);
  expect(run.state.getTestModules()).toHaveLength(2);
});
