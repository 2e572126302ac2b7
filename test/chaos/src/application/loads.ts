import type { Dice } from '../schedule/faults.ts';
import type { Caller } from './caller.ts';
import type { Messages } from './messages.ts';

/** One kind of work, done over and over until it is stopped. */
export type Load = () => Promise<unknown>;

/** `key=12`: a value says which key it belongs to. */
const belongs = (key: string, value: unknown): boolean => value === null || String(value).startsWith(`${key}=`);

/** Commands that may be under way at a time. */
const mostInFlight = 40;

/** What a kind of mixed load works with. */
interface Work {
  readonly caller: Caller;
  readonly dice: Dice;
  readonly key: () => string;
  /** A value of this key that was never there before. */
  readonly valueOf: (key: string) => string;
  readonly ask: (what: string, work: () => Promise<unknown>, isRight: (reply: never) => boolean) => void;
}

const kinds: readonly ((work: Work) => void)[] = [
  ({ caller: { name, session }, valueOf, ask }) => {
    const text = valueOf(name);
    ask(
      `ECHO ${text}`,
      () => session.command('ECHO', text),
      (reply: string) => reply === text,
    );
  },
  ({ caller: { session }, key, valueOf, ask }) => {
    const k = key();
    ask(
      `SET ${k}`,
      () => session.command('SET', k, valueOf(k)),
      (reply: string) => reply === 'OK',
    );
    ask(
      `GET ${k}`,
      () => session.command('GET', k),
      (reply: unknown) => belongs(k, reply),
    );
  },
  ({ caller: { session }, dice, key, valueOf, ask }) => {
    const keys = Array.from({ length: dice.between(2, 20) }, key);
    const commands = keys.flatMap((k) => [
      ['SET', k, valueOf(k)],
      ['GET', k],
    ]);
    ask(
      `a pipeline of ${commands.length}`,
      () => session.pipeline(commands),
      (replies: unknown[]) =>
        replies.length === commands.length && keys.every((k, i) => belongs(k, replies[2 * i + 1])),
    );
  },
  ({ caller: { session }, key, valueOf, ask }) => {
    const [k, other] = [key(), key()];
    const commands = [
      ['SET', k, valueOf(k)],
      ['GET', other],
      ['GET', k],
    ];
    const isRight = ([set, theirs, ours]: unknown[]): boolean =>
      set === 'OK' && belongs(other, theirs) && belongs(k, ours) && ours !== null;
    ask('a transaction', () => session.transaction(commands), isRight);
  },
];

/** ECHO, SET and GET, pipelines, transactions; pushes and publishes for the others. Does not wait for answers. */
export function mixedLoad(caller: Caller, dice: Dice, feeds: readonly Load[]): Load {
  let count = 0;
  let inFlight = 0;
  const ask = async (...[what, work, isRight]: Parameters<Work['ask']>): Promise<void> => {
    inFlight += 1;
    const reply = await caller.ask(what, work);
    inFlight -= 1;
    if (reply !== undefined && !isRight(reply as never)) caller.mismatch(what, reply);
  };
  const work: Work = {
    caller,
    dice,
    key: () => `{${caller.name}}:${dice.between(0, 50)}`,
    valueOf: (key) => `${key}=${(count += 1)}`,
    ask: (...what) => void ask(...what),
  };
  return async () => {
    if (inFlight < mostInFlight) dice.pick(kinds)(work);
    for (const feed of feeds) if (dice.random() < 0.3) void feed();
  };
}

/** A worker's BLPOP. */
export function blockingLoad(
  caller: Caller,
  blockSeconds: () => number,
): { readonly load: Load; readonly feed: (by: Caller) => Load } {
  const queue = `{${caller.name}}:jobs`;
  let pushed = 0;
  return {
    load: async () => {
      const seconds = String(blockSeconds());
      const reply = await caller.ask(`BLPOP ${seconds}`, () => caller.session.command('BLPOP', queue, seconds));
      if (reply === undefined || reply === null) return;
      const [from, item] = reply as [string, string];
      if (from !== queue || !belongs(queue, item)) caller.mismatch('BLPOP', reply);
    },
    feed: (by) => () => by.ask('RPUSH', () => by.session.command('RPUSH', queue, `${queue}=${(pushed += 1)}`)),
  };
}

/** A reader of a stream: XREAD BLOCK. */
export function streamLoad(
  caller: Caller,
  blockSeconds: () => number,
): { readonly load: Load; readonly feed: (by: Caller) => Load } {
  const stream = `{${caller.name}}:stream`;
  let added = 0;
  return {
    load: async () => {
      const ms = String(blockSeconds() * 1000);
      const read = (): Promise<unknown> =>
        caller.session.command('XREAD', 'COUNT', '10', 'BLOCK', ms, 'STREAMS', stream, '$');
      const reply = await caller.ask(`XREAD BLOCK ${ms}`, read);
      if (reply === undefined || reply === null) return;
      const texts = textsIn(reply).filter((text) => text.startsWith('{'));
      if (texts.length === 0 || !texts.every((text) => text === stream || belongs(stream, text)))
        caller.mismatch('XREAD', reply);
    },
    feed: (by) => () => {
      const args = ['XADD', stream, 'MAXLEN', '~', '1000', '*', 'field', `${stream}=${(added += 1)}`];
      return by.ask('XADD', () => by.session.command(...args));
    },
  };
}

/** Every string in a reply, whatever a client makes of arrays and maps. */
function textsIn(reply: unknown): string[] {
  if (typeof reply === 'string') return [reply];
  if (reply instanceof Map) return [...reply].flatMap(textsIn);
  if (typeof reply === 'object' && reply !== null) {
    return Array.isArray(reply) ? reply.flatMap(textsIn) : Object.entries(reply).flatMap(textsIn);
  }
  return [];
}

/** Publishes numbered messages to a channel that `messages` watches. */
export function publishing(by: Caller, channel: string, messages: Messages): Load {
  let count = 0;
  return async () => {
    const message = `${channel}=${(count += 1)}`;
    const from = Date.now();
    const receivers = await by.ask('PUBLISH', () => by.session.command('PUBLISH', channel, message));
    if (receivers !== undefined) messages.published(message, from);
  };
}
