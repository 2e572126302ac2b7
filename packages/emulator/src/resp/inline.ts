const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const escapes: Readonly<Record<number, number>> = { 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09, 0x62: 0x08, 0x61: 0x07 };

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function hexDigit(byte: number | undefined): number {
  const digit = byte === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
}

/**
 * The arguments of an inline request, quoted as `redis-cli` quotes them; undefined when the quotes are unbalanced.
 * A closing quote must be followed by a space or the end; a zero byte ends the request. See https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands.
 */
export function splitInline(bytes: Buffer): Buffer[] | undefined {
  const args: Buffer[] = [];
  const zero = bytes.indexOf(0);
  const line = zero < 0 ? bytes : bytes.subarray(0, zero);
  let position = 0;
  for (;;) {
    while (isSpace(line[position])) position++;
    if (position >= line.length) return args;
    const argument: number[] = [];
    const end = readArgument(line, position, argument);
    if (end < 0) return undefined;
    args.push(Buffer.from(argument));
    position = end;
  }
}

function readArgument(line: Buffer, start: number, into: number[]): number {
  let position = start;
  while (position < line.length) {
    const byte = line[position] ?? 0;
    if (isSpace(byte)) return position;
    if (byte === QUOTE || byte === APOSTROPHE) return readQuoted(line, position + 1, byte, into);
    into.push(byte);
    position++;
  }
  return position;
}

function readQuoted(line: Buffer, start: number, quote: number, into: number[]): number {
  let position = start;
  while (position < line.length) {
    const byte = line[position] ?? 0;
    if (byte === quote) {
      const after = position + 1;
      return after === line.length || isSpace(line[after]) ? after : -1;
    }
    if (byte === BACKSLASH && (quote === QUOTE || line[position + 1] === APOSTROPHE) && position + 1 < line.length) {
      position = readEscape(line, position + 1, quote, into);
    } else {
      into.push(byte);
      position++;
    }
  }
  return -1;
}

function readEscape(line: Buffer, position: number, quote: number, into: number[]): number {
  const byte = line[position] ?? 0;
  const [high, low] = [hexDigit(line[position + 1]), hexDigit(line[position + 2])];
  if (quote === QUOTE && byte === 0x78 && high >= 0 && low >= 0) {
    into.push(high * 16 + low);
    return position + 3;
  }
  into.push(quote === QUOTE ? (escapes[byte] ?? byte) : byte);
  return position + 1;
}
