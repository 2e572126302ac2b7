import type { Credentials } from '@entra-redis/token-manager';

export const encodeArgument = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

function encode(...args: readonly string[]): string {
  return `*${args.length}\r\n${args.map(encodeArgument).join('')}`;
}

/** AUTH exactly as node-redis writes it. */
export function encodeAuth({ username, password }: Credentials): string {
  return encode('AUTH', username, password);
}

/** How every AUTH with a user name begins. */
export const authWithUser = '*3\r\n$4\r\nAUTH\r\n';

/** What a client is given in place of a token begins with it; never to be written as it is. */
export const disguise = 'entra-redis:token-';

export const ping: string = encode('PING');

/** A second MULTI is answered with an error at once and leaves the transaction as it was (redis.io/commands/multi). */
export const nestedMulti: string = encode('MULTI');

/** Of the names of all commands that any function below, or an AUTH, is about. */
const letters = Buffer.from('ABCDEMRWX').reduce((mask, letter) => mask | (1 << (letter & 31)), 0);

/** True for most commands, by the first letter of their name: the others are looked at. */
export function isOrdinary(command: string): boolean {
  // As in `*2\r\n$3\r\nGET…`, where what follows the second line is the name.
  return command.charCodeAt(7) === 0x0a && ((letters >>> (command.charCodeAt(8) & 31)) & 1) === 0;
}

const modes = {
  [encode('MULTI')]: 'transaction',
  [encode('EXEC')]: 'normal',
  [encode('DISCARD')]: 'normal',
  [encode('RESET')]: 'normal',
  [encode('MONITOR')]: 'monitor',
} as const;
const longest = Math.max(...Object.keys(modes).map((command) => command.length));

export type WireMode = 'normal' | 'transaction' | 'monitor';

/** The mode that a command puts the connection in; undefined for the others, which is found out in a few instructions. */
export function modeAfter(command: string): WireMode | undefined {
  if (command.length > longest || !command.startsWith('*1')) return undefined;
  return (modes as Readonly<Record<string, WireMode>>)[command.toUpperCase()];
}

const subscriptions = /^[ps]?(?<un>un)?subscribe$/i;

/** Says what the name of a pub/sub command does; node-redis writes these names, and only these, as Buffers of their own. */
export function subscriptionBy(name: Uint8Array): 'begins' | 'ends' | undefined {
  if (name.length < 9 || name.length > 12) return undefined;
  const match = subscriptions.exec(Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1'));
  if (match === null) return undefined;
  return match.groups?.['un'] === undefined ? 'begins' : 'ends';
}

/** Whether the argument that follows this text is the first one of a command: its name, and not a value. */
export function beforeName(text: string): boolean {
  return /^\*\d+\r\n\$\d+\r\n$/.test(text);
}

const waits = /^(?:\*\d+\r\n\$\d+\r\n)(?:b(?:l|r|z)|wait|xread(?=[^]*\r\nblock\r\n))/i;

/** Whether a command keeps later ones from an answer on purpose; found out in a few instructions for most. */
export function mayBlock(command: string): boolean {
  // Where its name begins: after the second line, which begins with a dollar.
  const at = command.indexOf('\n', command.indexOf('$')) + 1;
  const letter = command.charCodeAt(at) | 0x20;
  return (letter === 0x62 || letter === 0x77 || letter === 0x78) && waits.test(command);
}

/** RESP2 replies to UNSUBSCRIBE: true when no subscription is left. */
export function endsLastSubscription(reply: string): boolean {
  return /unsubscribe\r\n\$-?\d+\r\n(?:[^\r]*\r\n)?:0\r\n/.test(reply);
}

/** How many replies to UNSUBSCRIBE there are: one for each channel. */
export function unsubscribeReplies(replies: string): number {
  return replies.split('unsubscribe\r\n').length - 1;
}

/** Part of the handshake of 5.9 to 6.x, unless `maintNotifications` is `'disabled'`. */
export function asksForMoves(command: string): boolean {
  return command.startsWith('*5\r\n$6\r\nCLIENT\r\n$19\r\nMAINT_NOTIFICATIONS');
}

/** Written in its place: a server answers that it knows no such subcommand, and names it; node-redis goes on without. */
export const noMoves: string = encode('CLIENT', "maintNotifications: must be 'disabled', see @entra-redis/node-redis");

/** Only 5.x with `RESP: 2` begins like this. */
export function isHello2(command: string): boolean {
  return command.includes('$5\r\nHELLO\r\n$1\r\n2\r\n');
}
