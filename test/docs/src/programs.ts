import type { Block } from './markdown.ts';

/** Where a program runs: which server it meets, or none. */
export const places = ['cache', 'cluster', 'entra', 'alone', 'elasticache', 'memorystore', 'nowhere'] as const;
export type Place = (typeof places)[number];

export interface Program {
  /** `README.md:58`. */
  readonly name: string;
  readonly source: string;
  /**
   * `cache` (the default) and the clouds: it must stay logged in. `entra`: it needs tokens alone. `alone`: it needs nothing.
   * `nowhere`: it is only compiled.
   */
  readonly place: Place;
  /** With ioredis 5 and redis 4. */
  readonly older: boolean;
}

const known = new Set(['id', 'with', 'on', 'older', 'ts']);

/**
 * The programs of a page. A block is one by itself; `with=name,other` puts the blocks of these `id`s before it. Of a diff the side
 * after the change runs, and the side before it is compiled.
 */
export function programsOf(blocks: readonly Block[]): Program[] {
  const named = new Map(blocks.flatMap((block) => [[block.words.get('id') ?? '', block] as const]));
  return blocks.filter(isProgram).flatMap((block) => {
    checkWords(block);
    const name = `${block.page}:${block.line}`;
    const before = (block.words.get('with') ?? '').split(',').filter(Boolean);
    const preceding = before.map((id) => {
      const other = named.get(id);
      if (other === undefined) throw new Error(`${name}: no block of the page has id=${id}`);
      return other.text;
    });
    const common = { place: placeOf(block), older: block.words.has('older') };
    if (block.language !== 'diff') return [{ name, source: [...preceding, block.text].join('\n'), ...common }];
    const [old, changed] = sidesOf(block.text);
    return [
      { ...common, name: `${name}-`, source: [...preceding, old].join('\n'), place: 'nowhere' },
      { ...common, name: `${name}+`, source: [...preceding, changed].join('\n') },
    ];
  });
}

/** A diff of something else than a program has no `ts` behind its language. */
const isProgram = ({ language, words }: Block): boolean =>
  language === 'ts' || language === 'js' || (language === 'diff' && words.has('ts'));

function checkWords(block: Block): void {
  const odd = [...block.words.keys()].filter((word) => !known.has(word));
  if (odd.length > 0)
    throw new Error(`${block.page}:${block.line}: unknown words behind the language: ${odd.join(' ')}`);
}

function placeOf(block: Block): Place {
  const wanted = block.words.get('on') ?? 'cache';
  const place = places.find((each) => each === wanted);
  if (place === undefined) throw new Error(`${block.page}:${block.line}: on=${wanted} is none of ${places.join(', ')}`);
  return place;
}

/** What a diff says that was, and what it says that is. */
function sidesOf(diff: string): [before: string, after: string] {
  const lines = diff.split('\n');
  const side = (other: string): string =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => line.slice(1))
      .join('\n');
  return [side('+'), side('-')];
}
