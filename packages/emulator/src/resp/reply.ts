/**
 * A reply, the same for RESP2 and RESP3: the encoder writes a map as a flat array, a double as a bulk string and so on where RESP2
 * is spoken. Plain values are the frequent kinds: null, an integer, a bulk string, an array.
 */
export type Reply = null | number | bigint | string | Buffer | readonly Reply[] | TypedReply;

export type TypedReply =
  | { readonly type: 'simple'; readonly text: string }
  | { readonly type: 'error'; readonly text: string }
  | { readonly type: 'blob-error'; readonly text: string }
  | { readonly type: 'null-array' }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'big-number'; readonly text: string }
  | { readonly type: 'verbatim'; readonly format: string; readonly text: string }
  | { readonly type: 'map'; readonly entries: readonly (readonly [Reply, Reply])[] }
  | { readonly type: 'set'; readonly items: readonly Reply[] }
  | { readonly type: 'push'; readonly items: readonly Reply[] };

export const OK: TypedReply = { type: 'simple', text: 'OK' };
/** `*-1` in RESP2, null in RESP3: what EXEC, BLPOP and others answer for nothing. */
export const nullArray: TypedReply = { type: 'null-array' };

export const simple = (text: string): TypedReply => ({ type: 'simple', text });
/** `text` begins with the error code: `ERR …`, `WRONGTYPE …`. */
export const error = (text: string): TypedReply => ({ type: 'error', text });
export const double = (value: number): TypedReply => ({ type: 'double', value });
export const map = (entries: readonly (readonly [Reply, Reply])[]): TypedReply => ({ type: 'map', entries });
export const set = (items: readonly Reply[]): TypedReply => ({ type: 'set', items });
export const push = (items: readonly Reply[]): TypedReply => ({ type: 'push', items });
export const verbatim = (text: string): TypedReply => ({ type: 'verbatim', format: 'txt', text });

export function isTyped(reply: Reply): reply is TypedReply {
  return reply !== null && typeof reply === 'object' && 'type' in reply;
}

/** The text of an error reply, or undefined when `reply` is none. */
export function errorText(reply: Reply): string | undefined {
  return isTyped(reply) && (reply.type === 'error' || reply.type === 'blob-error') ? reply.text : undefined;
}

/** What is in a push, or in the array that stands for it in RESP2. */
export function itemsOf(reply: Reply): readonly Reply[] | undefined {
  if (isTyped(reply)) return reply.type === 'push' ? reply.items : undefined;
  return Array.isArray(reply) ? (reply as readonly Reply[]) : undefined;
}
