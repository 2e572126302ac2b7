import type { Command } from '../client/client-internals.ts';

/** What a command does to a connection, as far as logging in is concerned. */
export type CommandEffect = 'login' | 'begin' | 'end' | 'subscriptions' | 'none';

const effects = new Map<string, CommandEffect>([
  ['auth', 'login'],
  ['hello', 'login'],
  ['multi', 'begin'],
  ['exec', 'end'],
  ['discard', 'end'],
  ['reset', 'end'],
  ['subscribe', 'subscriptions'],
  ['psubscribe', 'subscriptions'],
  ['ssubscribe', 'subscriptions'],
  ['unsubscribe', 'subscriptions'],
  ['punsubscribe', 'subscriptions'],
  ['sunsubscribe', 'subscriptions'],
]);

/** Redis has fewer commands; what is more was made up, and may be different each time. */
const namesKept = 1000;

/** Asked for every command, so each name, in whatever case it is written, is looked at once. */
export function effectOf(name: string): CommandEffect {
  const known = effects.get(name);
  if (known !== undefined) return known;
  const effect = effects.get(name.toLowerCase()) ?? 'none';
  if (effects.size < namesKept) effects.set(name, effect);
  return effect;
}

/** They are answered when something happens elsewhere. Source: https://redis.io/docs/latest/commands/ */
const blocking = /^(blpop|brpop|brpoplpush|blmovem?|blmpop|bzpopmin|bzpopmax|bzmpop|wait|waitaof)$/i;

/** Whether the server may keep the answer to this command, and to all behind it, for long. */
export function isBlocking({ name, args }: Command): boolean {
  if (!/^xread/i.test(name)) return blocking.test(name);
  // XREADGROUP has it sixth at the latest; the keys behind it may be many, and long.
  return args.slice(0, 8).some((argument) => /^block$/i.test(String(argument)));
}
