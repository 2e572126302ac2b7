import type { Stream } from './stream.ts';

/** What a key holds. Collections are never empty: the last removal deletes the key. */
export type Value =
  | { readonly type: 'string'; bytes: Buffer }
  | { readonly type: 'list'; items: Buffer[] }
  | { readonly type: 'hash'; readonly fields: Map<string, Buffer> }
  | { readonly type: 'set'; readonly members: Set<string> }
  | { readonly type: 'zset'; readonly scores: Map<string, number> }
  | { readonly type: 'stream'; readonly stream: Stream };
export type ValueType = Value['type'];
export type ValueOf<T extends ValueType> = Extract<Value, { type: T }>;

export interface Entry {
  value: Value;
  /** Epoch ms, when the key is to go. */
  expiresAt?: number;
}

/** True for a collection without elements; a stream may be empty. */
export function isEmpty(value: Value): boolean {
  switch (value.type) {
    case 'list':
      return value.items.length === 0;
    case 'hash':
      return value.fields.size === 0;
    case 'set':
      return value.members.size === 0;
    case 'zset':
      return value.scores.size === 0;
    default:
      return false;
  }
}
