export type Args = readonly Buffer[];

/** Thrown by a handler to answer an error; nothing was changed. */
export class CommandError extends Error {
  readonly code = 'COMMAND';
  override readonly name = 'CommandError';
}

export const syntaxError = (): CommandError => new CommandError('ERR syntax error');
export const wrongType = (): CommandError =>
  new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
export const notInteger = (): CommandError => new CommandError('ERR value is not an integer or out of range');

/** The argument at `index`, which the arity promises. */
export function at(args: Args, index: number): Buffer {
  const argument = args[index];
  if (argument === undefined) throw syntaxError();
  return argument;
}

/** Keys and members as map keys: bytes one to one. */
export const keyOf = (bytes: Buffer): string => bytes.toString('latin1');
export const bytesOf = (key: string): Buffer => Buffer.from(key, 'latin1');
export const keyAt = (args: Args, index: number): string => keyOf(at(args, index));
export const textAt = (args: Args, index: number): string => at(args, index).toString();
/** An option word, upper case; empty past the end. */
export const wordAt = (args: Args, index: number): string => args[index]?.toString().toUpperCase() ?? '';
/** A copy: what a socket delivered shares memory with everything else in its chunk. */
export const copyOf = (bytes: Buffer): Buffer => Buffer.from(bytes);

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

export function fitsInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

export function parseInt64(text: string): bigint | undefined {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return undefined;
  const value = BigInt(text);
  return fitsInt64(value) ? value : undefined;
}

export function bigintAt(args: Args, index: number): bigint {
  const value = parseInt64(at(args, index).toString('latin1'));
  if (value === undefined) throw notInteger();
  return value;
}

/** An integer that a count or an index may be; those beyond 2^53 lose precision, which no collection reaches. */
export function integerAt(args: Args, index: number): number {
  return Number(bigintAt(args, index));
}
