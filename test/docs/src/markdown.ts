import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Code, Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';

/** The repository. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A fenced block of a page. What follows the language on the fence's line is its `words`, which no reader sees. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly words: ReadonlyMap<string, string>;
  readonly text: string;
}

const parser = unified().use(remarkParse).use(remarkGfm);

export function parse(markdown: string): Root {
  return parser.parse(markdown);
}

/** Generated, or about work on this project. */
const notForUsers = /^docs\/(?:decisions|reports\/(?:bench|chaos|conformance|mutation))\b/;

/** Every page that a user reads, by its path in the repository. */
export function findPages(): string[] {
  const found = globSync(['README.md', 'packages/*/README.md', 'docs/**/*.md'], { cwd: root });
  return found
    .map((page) => page.replaceAll('\\', '/'))
    .filter((page) => !notForUsers.test(page))
    .sort();
}

export function readPage(page: string): string {
  return readFileSync(`${root}${page}`, 'utf8');
}

export function blocksOf(page: string, markdown: string = readPage(page)): Block[] {
  const blocks: Block[] = [];
  visit(parse(markdown), 'code', ({ lang, meta, value, position }: Code) => {
    blocks.push({
      page,
      line: position?.start.line ?? 0,
      language: lang ?? '',
      words: new Map((meta ?? '').split(/\s+/).filter(Boolean).map(splitWord)),
      text: `${value}\n`,
    });
  });
  return blocks;
}

function splitWord(word: string): [name: string, value: string] {
  const at = word.indexOf('=');
  return at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}
