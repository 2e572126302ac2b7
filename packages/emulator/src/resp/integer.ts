const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * A decimal integer written as Redis' `string2ll` wants it (no plus, no leading zero, no space), or undefined.
 * Integers beyond 2^53 are undefined too: no length may be that large.
 */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits < 1 || digits > 16) return undefined;
  if (bytes[first] === ZERO) return digits === 1 && !negative ? 0 : undefined;
  let value = 0;
  for (let index = first; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte < ZERO || byte > NINE) return undefined;
    value = value * 10 + (byte - ZERO);
  }
  if (!Number.isSafeInteger(value)) return undefined;
  return negative ? -value : value;
}
