/** A JWT begins with `{"` in base64: its header alone, its payload alone, or what a cut message left of them. */
const jwts = /eyJ(?:[\w+/=-]{6,}(?:\.[\w-]+)*|[\w-]*(?:\.[\w-]+)+)/g;

/** As much of a token tells nobody anything: the name of a cache in one, the same letters by chance. */
const shortestPiece = 16;
const block = shortestPiece / 2;

/**
 * A text without tokens, for errors, logs and reports: `<token>` stands for whatever looks like a JWT or a part of one, and for `token`
 * and each piece of it of at least 16 characters (a server may quote only the beginning of an argument).
 *
 * @param token the current token, which need not be a JWT
 */
export function withoutTokens(text: string, token = ''): string {
  const clean = token === '' ? text : withoutPieces(text.replaceAll(token, '<token>'), token);
  return clean.replaceAll(jwts, '<token>');
}

/** Looks at every eighth place: a piece that is long enough covers a whole block there, and starts at most a block before. */
function withoutPieces(text: string, token: string): string {
  let clean = '';
  let done = 0;
  for (let index = 0; index + block <= text.length; index += block) {
    if (!token.includes(text.slice(index, index + block))) continue;
    const from = pieceStart(text, token, Math.max(done, index - block), index);
    if (from === undefined) continue;
    let end = from + shortestPiece;
    while (end < text.length && token.includes(text.slice(end + 1 - shortestPiece, end + 1))) end += 1;
    clean += `${text.slice(done, from)}<token>`;
    done = end;
    index = end - block;
  }
  return clean + text.slice(done);
}

function pieceStart(text: string, token: string, first: number, last: number): number | undefined {
  for (let from = first; from <= last; from += 1) {
    const piece = text.slice(from, from + shortestPiece);
    if (piece.length === shortestPiece && token.includes(piece)) return from;
  }
  return undefined;
}

/** A longer text of somebody else is not a message, but perhaps a whole page. */
export const longestMessage = 20_000;

/** A property of what others have thrown, which may be `undefined`; undefined where it cannot even be read. */
function read(error: unknown, property: string): unknown {
  try {
    return (error as Record<string, unknown>)[property];
  } catch {
    return undefined;
  }
}

/** What an error, or whatever else was thrown, says; undefined where it says nothing. */
export function messageOf(error: unknown): string | undefined {
  const said = typeof error === 'string' ? error : read(error, 'message');
  return typeof said === 'string' ? said : undefined;
}

/** What it says, as far as it may be shown; a sentence where it says nothing. */
export const reasonOf = (error: unknown): string => (messageOf(error) ?? 'it gave no reason').slice(0, longestMessage);

/** Where it was thrown; empty where it does not tell. */
export function stackOf(error: unknown): string {
  const stack = read(error, 'stack');
  return typeof stack === 'string' ? stack.slice(0, longestMessage) : '';
}

/**
 * An error of a client without the secrets it may carry (ioredis puts the arguments of AUTH into `command.args`): its name, its code, and
 * its message as `withoutTokens` shows it.
 */
export function withoutSecret(error: unknown, secret: string): Error {
  const name = read(error, 'name');
  const code = read(error, 'code');
  const clean = new Error(withoutTokens(reasonOf(error), secret));
  if (typeof name === 'string') clean.name = withoutTokens(name, secret);
  if (typeof code === 'string' || typeof code === 'number') Object.assign(clean, { code });
  return clean;
}

const longestShown = 20;

/** A value that was given, as an error may show it: what is long may be a token that was passed in the wrong place. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string')
    return value.length > longestShown ? `a string of ${value.length} characters` : `'${value}'`;
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? 'a class (is "new" missing?)' : 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
