/** A reply as plain JSON: maps (RESP3) become objects, errors their message, buffers text. */
export function plainJson(value: unknown): unknown {
  if (value === undefined) return null;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (value instanceof Error) return { error: value.message };
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plainJson(item)]));
  if (value instanceof Set || Array.isArray(value)) return [...value].map(plainJson);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainJson(item)]));
  return value;
}
