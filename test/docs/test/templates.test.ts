import { createRequire } from 'node:module';
import { parse as parseTerraform } from '@cdktn/hcl2json';
import { Language, Parser } from 'web-tree-sitter';
import { beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type Block, blocksOf, findPages } from '../src/markdown.ts';

const bicep = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
const parser: { bicep?: Parser } = {};
beforeAll(async () => {
  await Parser.init();
  parser.bicep = new Parser().setLanguage(await Language.load(bicep));
});

const blocks = findPages().flatMap((page) => blocksOf(page));
const written = (wanted: string): [name: string, block: Block][] =>
  blocks.filter(({ language }) => language === wanted).map((block) => [`${block.page}:${block.line}`, block]);

function bicepProblems(text: string): string[] {
  const problems: string[] = [];
  const cursor = parser.bicep?.parse(text)?.walk();
  if (cursor === undefined) return ['nothing parsed'];
  for (;;) {
    const { currentNode: node } = cursor;
    if (node.isError || node.isMissing) problems.push(`line ${node.startPosition.row + 1}: ${node.text}`);
    if (cursor.gotoFirstChild()) continue;
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return problems;
  }
}

test.each(written('bicep'))('%s is Bicep', (_name, { text }) => {
  expect(bicepProblems(text)).toEqual([]);
  expect(bicepProblems(text.replace('{', ''))).not.toEqual([]);
});

test.each(written('hcl'))('%s is Terraform, and every reference leads to a block of it', async (name, { text }) => {
  const parsed = (await parseTerraform(name, text)) as Record<string, Record<string, unknown>>;
  const declared = new Set([
    ...Object.keys(parsed['variable'] ?? {}).map((key) => `var.${key}`),
    ...(['data', 'resource'] as const).flatMap((kind) =>
      Object.entries(parsed[kind] ?? {}).flatMap(([type, named]) =>
        Object.keys(named as object).map((key) => `${kind === 'data' ? 'data.' : ''}${type}.${key}`),
      ),
    ),
  ]);
  const references = [...JSON.stringify(parsed).matchAll(/\$\{((?:data\.)?[a-z_]+\.[a-z_]+)/g)].map(([, path]) => path);
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter((path) => !declared.has(path ?? ''))).toEqual([]);
});

test.each(written('yaml'))('%s is YAML', (_name, { text }) => {
  const documents = parseAllDocuments(text);
  expect(documents.length).toBeGreaterThan(0);
  for (const document of documents) expect('errors' in document ? document.errors : []).toEqual([]);
});

test('there are templates of each kind, for both services', () => {
  for (const language of ['bicep', 'hcl'])
    expect(written(language).map(([, { page }]) => page)).toEqual([
      'docs/granting-access.md',
      'docs/granting-access.md',
    ]);
});
