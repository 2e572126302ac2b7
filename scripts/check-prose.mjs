// Fails where a page, a changeset, a message or a comment of a published package uses a word that scripts/prose/vocabulary.json has a
// plainer one for. The rule is textlint's; the vocabulary is the project's.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { TextlintKernelDescriptor } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import { createLinter, loadLinterFormatter } from 'textlint';
import terminology from 'textlint-rule-terminology';
import { Processor } from './prose/source-text.mjs';

const { names, instead } = JSON.parse(readFileSync(new URL('prose/vocabulary.json', import.meta.url), 'utf8'));
/** A phrase may go on in the next line, of a comment as well. */
const acrossLines = ([pattern, replacement]) => [
  pattern.replaceAll(' ', String.raw`\s+(?:(?:\*|//)\s+)?`),
  replacement,
];
const terms = [...names, ...instead.map(acrossLines)];

const descriptor = new TextlintKernelDescriptor({
  rules: [{ ruleId: 'terminology', rule: terminology.default ?? terminology, options: { defaultTerms: false, terms } }],
  plugins: [
    { pluginId: 'markdown', plugin: markdown.default ?? markdown, options: true },
    { pluginId: 'source-text', plugin: { Processor }, options: true },
  ],
  filterRules: [],
});

/** Reports that are made from sources which are checked here themselves, and the changelogs of others. */
const generated = /\/review\/|node_modules|CHANGELOG/;
const sources = /^(?:packages\/[^/]+\/src|examples\/[^/]+\/src|scripts)\/(?!test\/).*\.ts$/;
const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', '*.md', 'packages/*.ts', 'examples/*.ts', 'scripts/*.ts'],
  {
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => (file.endsWith('.md') ? !generated.test(file) : sources.test(file)));
const chosen = process.argv.length > 2 ? process.argv.slice(2) : files;

const results = await createLinter({ descriptor }).lintFiles(chosen);
const formatter = await loadLinterFormatter({ formatterName: 'unix' });
const bad = results.filter(({ messages }) => messages.length > 0);
if (bad.length > 0) console.error(formatter.format(bad));
process.exitCode = bad.length > 0 ? 1 : 0;
