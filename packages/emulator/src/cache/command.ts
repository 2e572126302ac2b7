import type { Reply } from '../resp/reply.ts';
import type { Session } from './session.ts';

export type Args = readonly Buffer[];

/** The handler has answered by itself, or will: a blocked command, a subscription. */
export const noReply: unique symbol = Symbol('no reply');
/** Several replies to one command, as SUBSCRIBE sends them. */
export interface Replies {
  readonly replies: readonly Reply[];
}
export type Outcome = Reply | typeof noReply | Replies;
export type Handler = (session: Session, args: Args) => Outcome | Promise<Outcome>;

/** Redis' own names: https://redis.io/docs/latest/commands/command/#flags. */
export type CommandFlag =
  | 'admin'
  | 'asking'
  | 'blocking'
  | 'denyoom'
  | 'fast'
  | 'loading'
  | 'movablekeys'
  | 'no_auth'
  | 'no_multi'
  | 'noscript'
  | 'pubsub'
  | 'readonly'
  | 'skip_monitor'
  | 'stale'
  | 'write';

/** Where the keys are: first, last (negative: from the end) and step, as COMMAND tells them, or a function for movable ones. */
export interface KeySpec {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly find?: (args: Args) => readonly number[];
}

export interface Command {
  /** Lower case; a subcommand is `container|name`. */
  readonly name: string;
  /** Exact number of arguments, the name included; negative: at least. */
  readonly arity: number;
  readonly flags: ReadonlySet<CommandFlag>;
  readonly keys: KeySpec;
  readonly run: Handler;
  /** By lower-case name, for a container. */
  readonly subcommands?: ReadonlyMap<string, Command>;
}

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
