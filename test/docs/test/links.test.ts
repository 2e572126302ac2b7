import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Heading, Link, Image } from 'mdast';
import { visit } from 'unist-util-visit';
import { expect, test } from 'vitest';
import { parse, readPage, root } from '../src/markdown.ts';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md', ':!.changeset', ':!*.api.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(root, page)));

test.each(pages)('every link of %s leads somewhere', (page) => {
  const broken: string[] = [];
  visit(parse(readPage(page)), ['link', 'image'], (node) => {
    const { url } = node as Link | Image;
    if (/^[a-z]+:/.test(url)) return;
    const [path = '', heading] = url.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, target))) broken.push(url);
    else if (heading !== undefined && !anchorsOf(target).has(heading)) broken.push(url);
  });
  expect(broken).toEqual([]);
});

const ourPath =
  /(?<=`)(?:packages|conformance|docs|test|bench|internal|scripts|examples|\.ci|\.github)\/[\w./-]+(?=`)/g;

test.each(pages.filter((page) => !page.startsWith('docs/decisions/')))('every path that %s names is there', (page) => {
  const paths = readPage(page).match(ourPath) ?? [];
  expect(paths.filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, dirname(page), path)))).toEqual(
    [],
  );
});

const anchors = new Map<string, ReadonlySet<string>>();

/** What a link to a place in a page may name: its headings, as GitHub makes them, and its anchors. */
function anchorsOf(target: string): ReadonlySet<string> {
  const known = anchors.get(target) ?? findAnchors(target);
  anchors.set(target, known);
  return known;
}

function findAnchors(target: string): ReadonlySet<string> {
  const page = statSync(join(root, target)).isDirectory() ? join(target, 'README.md') : target;
  const found = Array.from(readPage(page).matchAll(/<a id="([^"]+)"/g), ([, id = '']) => id);
  visit(parse(readPage(page)), 'heading', (heading: Heading) => {
    const text = textOf(heading);
    found.push(
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
  });
  return new Set(found);
}

function textOf(heading: Heading): string {
  let text = '';
  visit(heading, (node) => {
    if (node.type === 'text' || node.type === 'inlineCode') text += node.value;
  });
  return text;
}
