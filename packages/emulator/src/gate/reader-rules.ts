import { forbiddenToReaders, noPermission } from '../policy/access.ts';
import { isTyped, type Reply } from '../resp/reply.ts';
import type { Expected } from './expected.ts';

/** What a reader may not send, by the words of a command in upper case. */
export type ReaderRules = (words: readonly string[]) => boolean;

export function refusalOf(name: string): Expected {
  return { kind: 'refusal', text: noPermission(name.toLowerCase()) };
}

/**
 * The rules that follow from what the server itself says of its commands, the answer to COMMAND: https://redis.io/docs/latest/commands/command/.
 * What it does not name may write; so may a script, unless the server lets it only read.
 */
export function readerRulesFrom(reply: Reply): ReaderRules {
  const flags = new Map<string, ReadonlySet<string>>();
  for (const row of itemsOf(reply)) addRow(row, flags);
  return ([name = '', sub = '']) => {
    const [own, ofSub] = [name, `${name}|${sub}`].map((key) => flags.get(key.toLowerCase()));
    return forbiddenToReaders(ofSub ?? own);
  };
}

function addRow(row: Reply, flags: Map<string, ReadonlySet<string>>): void {
  const [name, , words, , , , categories, , , subcommands] = itemsOf(row);
  const all = new Set([words, categories].flatMap((each) => itemsOf(each ?? null).map(textOf)));
  if (all.has('@scripting') && !all.has('readonly')) all.add('write');
  flags.set(textOf(name ?? null), all);
  for (const sub of itemsOf(subcommands ?? null)) addRow(sub, flags);
}

function itemsOf(reply: Reply): readonly Reply[] {
  if (Array.isArray(reply)) return reply as readonly Reply[];
  return isTyped(reply) && reply.type === 'set' ? reply.items : [];
}

function textOf(reply: Reply): string {
  return isTyped(reply) && reply.type === 'simple' ? reply.text : String(reply);
}
