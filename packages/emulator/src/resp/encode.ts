import { isTyped, type Reply, type TypedReply } from './reply.ts';

export type RespVersion = 2 | 3;

/** `reply` as bytes in the given version of RESP (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
export function encodeReply(reply: Reply, resp: RespVersion): Buffer {
  const text = asText(reply, resp);
  if (text !== undefined) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  write(reply, resp, parts);
  return Buffer.concat(parts);
}

/** Replies without binary content, by far the most, need no joining. */
function asText(reply: Reply, resp: RespVersion): string | undefined {
  if (reply === null) return resp === 3 ? '_\r\n' : '$-1\r\n';
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  return isTyped(reply) ? typedText(reply, resp) : undefined;
}

function typedText(reply: TypedReply, resp: RespVersion): string | undefined {
  const three = resp === 3;
  switch (reply.type) {
    case 'simple':
      return `+${oneLine(reply.text)}\r\n`;
    case 'error':
      return `-${oneLine(reply.text)}\r\n`;
    case 'blob-error':
      return three ? `!${Buffer.byteLength(reply.text)}\r\n${reply.text}\r\n` : `-${oneLine(reply.text)}\r\n`;
    case 'null-array':
      return three ? '_\r\n' : '*-1\r\n';
    case 'double':
      return three ? `,${formatDouble(reply.value)}\r\n` : (asText(formatDouble(reply.value), 2) ?? '');
    case 'boolean':
      return three ? `#${reply.value ? 't' : 'f'}\r\n` : `:${reply.value ? 1 : 0}\r\n`;
    case 'big-number':
      return three ? `(${oneLine(reply.text)}\r\n` : asText(reply.text, 2);
    case 'verbatim':
      if (!three) return asText(reply.text, 2);
      return `=${Buffer.byteLength(reply.text) + 4}\r\n${reply.format.padEnd(3).slice(0, 3)}:${reply.text}\r\n`;
    default:
      return undefined;
  }
}

function write(reply: Reply, resp: RespVersion, parts: Buffer[]): void {
  const text = asText(reply, resp);
  if (text !== undefined) {
    parts.push(Buffer.from(text, 'utf8'));
  } else if (Buffer.isBuffer(reply)) {
    parts.push(Buffer.from(`$${reply.length}\r\n`, 'latin1'), reply, CRLF);
  } else if (isTyped(reply)) {
    writeAggregate(reply, resp, parts);
  } else if (typeof reply === 'object' && reply !== null) {
    writeItems('*', reply, resp, parts);
  }
}

function writeAggregate(reply: TypedReply, resp: RespVersion, parts: Buffer[]): void {
  if (reply.type === 'set') writeItems(resp === 3 ? '~' : '*', reply.items, resp, parts);
  else if (reply.type === 'push') writeItems(resp === 3 ? '>' : '*', reply.items, resp, parts);
  else if (reply.type === 'map') writeEntries(reply.entries, resp, parts);
}

function writeItems(mark: string, items: readonly Reply[], resp: RespVersion, parts: Buffer[]): void {
  parts.push(Buffer.from(`${mark}${items.length}\r\n`, 'latin1'));
  for (const item of items) write(item, resp, parts);
}

function writeEntries(entries: readonly (readonly [Reply, Reply])[], resp: RespVersion, parts: Buffer[]): void {
  const header = resp === 3 ? `%${entries.length}\r\n` : `*${entries.length * 2}\r\n`;
  parts.push(Buffer.from(header, 'latin1'));
  for (const [key, value] of entries) {
    write(key, resp, parts);
    write(value, resp, parts);
  }
}

const CRLF: Buffer = Buffer.from('\r\n');

/** A simple string or error is one line: anything else would let a value forge replies. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, ' ');
}

/** As Redis 7.0 writes doubles: `%.17g`, so 1.1 is 1.1000000000000001. */
function formatDouble(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', power = ''] = value.toExponential(16).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 17) return trimZeros(value.toFixed(Math.min(100, 16 - exponent)));
  return `${trimZeros(digits)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** A command as an array of bulk strings: what a client sends. */
export function encodeCommand(args: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`, 'latin1')];
  for (const argument of args) {
    const bytes = typeof argument === 'string' ? Buffer.from(argument) : argument;
    parts.push(Buffer.from(`$${bytes.length}\r\n`, 'latin1'), bytes, CRLF);
  }
  return Buffer.concat(parts);
}
