import type { Args } from './args.ts';
import type { Command, CommandFlag, Handler, KeySpec } from './model.ts';
import { noReply } from './model.ts';

const noKeys: KeySpec = { first: 0, last: 0, step: 0 };

export function keys(first: number, last: number = first, step = 1): KeySpec {
  return { first, last, step };
}

/** One row of a command table; `flags` is a list of words. */
export function command(name: string, arity: number, flags: string, spec: KeySpec | undefined, run: Handler): Command {
  return { name, arity, flags: parseFlags(flags), keys: spec ?? noKeys, run };
}

export function container(name: string, flags: string, rows: readonly Command[], arity = -2): Command {
  const subcommands = new Map(rows.map((row) => [row.name, { ...row, name: `${name}|${row.name}` }]));
  const run: Handler = () => noReply;
  return { name, arity, flags: parseFlags(flags), keys: noKeys, run, subcommands };
}

function parseFlags(words: string): ReadonlySet<CommandFlag> {
  return new Set(words.split(' ').filter((word): word is CommandFlag => word !== ''));
}

/** The arguments of a well-formed command that are keys. */
export function keysOf(row: Command, args: Args): Buffer[] {
  const { first, last, step, find } = row.keys;
  if (find !== undefined) return find(args).flatMap((index) => args[index] ?? []);
  if (first === 0) return [];
  const end = last < 0 ? args.length + last : last;
  const found: Buffer[] = [];
  for (let index = first; index <= end && index < args.length; index += step) {
    const key = args[index];
    if (key !== undefined) found.push(key);
  }
  return found;
}

/** Whether `count` arguments fit the arity. */
export function arityFits(row: Command, count: number): boolean {
  return row.arity >= 0 ? count === row.arity : count >= -row.arity;
}
