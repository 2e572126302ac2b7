#!/usr/bin/env node
// Holds docs/api-reference to the docstrings of the built packages; with --update, as "npm run api" does, writes it.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import { entryPoints } from '../../../scripts/entry-points.mjs';

const update = process.argv.includes('--update');
const reference = fileURLToPath(new URL('../../../docs/api-reference', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'entra-redis-api-reference-'));
const here = fileURLToPath(new URL('.', import.meta.url));

/** The page of one import path. */
async function pageOf({ path, name, types }) {
  const out = join(work, name);
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    name: path,
    entryPoints: [types],
    tsconfig: join(here, 'tsconfig.json'),
    skipErrorChecking: true,
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    githubPages: false,
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    outputs: [{ name: 'markdown', path: out }],
    logLevel: 'Error',
  });
  const project = await app.convert();
  if (!project || app.logger.hasErrors()) throw new Error(`${path}: TypeDoc could not read ${types}`);
  await app.generateOutputs(project);
  return `${withSingleAnchors(readFileSync(join(out, 'README.md'), 'utf8')).trimEnd()}\n`;
}

/** TypeDoc numbers the anchor of a name that is also a part of another's; GitHub numbers headings that stand there twice. */
function withSingleAnchors(text) {
  const headings = [...text.matchAll(/^#+ `?([^`\n(]+)/gm)].map(([, name]) => name.trim().toLowerCase());
  return text.replaceAll(/\(#([a-z]+)-1\)/g, (link, name) =>
    headings.filter((each) => each === name).length === 1 ? `(#${name})` : link,
  );
}

/** An index, by import path. */
function indexOf(points) {
  const rows = points.map(({ path, name }) => `- [\`${path}\`](${name}.md)`);
  return `# API reference\n\nWritten by \`npm run api\` from the docstrings.\n\n${rows.join('\n')}\n`;
}

try {
  const points = entryPoints();
  const pages = new Map([['README.md', indexOf(points)]]);
  for (const point of points) pages.set(`${point.name}.md`, await pageOf(point));
  mkdirSync(reference, { recursive: true });
  const stale = [...pages].filter(([file, text]) => {
    const there = join(reference, file);
    return !existsSync(there) || readFileSync(there, 'utf8') !== text;
  });
  const surplus = readdirSync(reference).filter((file) => !pages.has(file));
  if (update) {
    for (const [file, text] of stale) writeFileSync(join(reference, file), text);
    for (const file of surplus) rmSync(join(reference, file));
  } else if (stale.length + surplus.length > 0) {
    const files = [...stale.map(([file]) => file), ...surplus].join(', ');
    console.error(`docs/api-reference is not what the docstrings say (${files}): run "npm run api" and commit it.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true });
}
