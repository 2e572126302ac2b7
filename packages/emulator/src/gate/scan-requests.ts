const CR = 0x0d;
const STAR = 0x2a;
const DOLLAR = 0x24;
const ZERO = 0x30;

/** Commands that the gate must look at one by one. */
const special: ReadonlySet<string> = new Set([
  ...['AUTH', 'HELLO', 'RESET', 'QUIT', 'MULTI', 'EXEC', 'DISCARD', 'MONITOR', 'SYNC', 'PSYNC'],
  ...['SUBSCRIBE', 'UNSUBSCRIBE', 'PSUBSCRIBE', 'PUNSUBSCRIBE', 'SSUBSCRIBE', 'SUNSUBSCRIBE'],
  ...['CLIENT', 'CLUSTER', 'SENTINEL', 'ROLE', 'INFO', 'ACL'],
]);
/** A first glance at length and first letter spares most names the look-up. */
const glance = (length: number, first: number): number => (length & 15) * 32 + (first & 31);
const suspicious = new Uint8Array(512);
for (const name of special) suspicious[glance(name.length, name.charCodeAt(0))] = 1;

/** How many whole requests `bytes` begins with that need no look of the gate's, and where they end. Stops at anything unusual. */
export function scanRequests(bytes: Buffer): { readonly count: number; readonly end: number } {
  let count = 0;
  let end = 0;
  for (;;) {
    const next = requestEnd(bytes, end);
    if (next < 0) return { count, end };
    end = next;
    count++;
  }
}

function requestEnd(bytes: Buffer, start: number): number {
  if (bytes[start] !== STAR) return -1;
  let lineEnd = digitsEnd(bytes, start + 1);
  if (lineEnd < 0) return -1;
  const items = numberOf(bytes, start + 1, lineEnd);
  if (items < 1) return -1;
  let position = lineEnd + 2;
  for (let item = 0; item < items; item++) {
    if (bytes[position] !== DOLLAR) return -1;
    lineEnd = digitsEnd(bytes, position + 1);
    if (lineEnd < 0) return -1;
    const length = numberOf(bytes, position + 1, lineEnd);
    const content = lineEnd + 2;
    position = content + length + 2;
    if (position > bytes.length) return -1;
    if (item === 0 && isSpecial(bytes, content, length)) return -1;
  }
  return position;
}

/** Where the digits from `start` end, at the CR; -1 when there is no plain number of at most 7 digits. */
function digitsEnd(bytes: Buffer, start: number): number {
  let position = start;
  while (position - start < 8) {
    const byte = bytes[position];
    if (byte === CR) return position > start ? position : -1;
    if (byte === undefined || byte < ZERO || byte > ZERO + 9) return -1;
    position++;
  }
  return -1;
}

function numberOf(bytes: Buffer, start: number, end: number): number {
  // Redis takes no leading zero.
  if (bytes[start] === ZERO && end - start > 1) return -1;
  let value = 0;
  for (let position = start; position < end; position++) value = value * 10 + (bytes[position] ?? 0) - ZERO;
  return value;
}

function isSpecial(bytes: Buffer, start: number, length: number): boolean {
  if (length < 1 || suspicious[glance(length, bytes[start] ?? 0)] === 0) return false;
  return special.has(bytes.toString('latin1', start, start + Math.min(length, 16)).toUpperCase());
}
