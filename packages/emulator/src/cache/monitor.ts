import { simple } from '../resp/reply.ts';
import type { Args } from './args.ts';
import type { Command, Session } from './model.ts';

/** Shows a command to the MONITOR connections of its node; secrets and administration are left out, as in Redis. */
export function feedMonitors(session: Session, command: Command, args: Args): void {
  if (command.flags.has('admin') || command.flags.has('skip_monitor')) return;
  let line: string | undefined;
  for (const other of session.node.sessions.values()) {
    if (!other.monitoring) continue;
    line ??= monitorLine(session, command, args);
    other.output.send(simple(line));
  }
}

function monitorLine(session: Session, command: Command, args: Args): string {
  const now = Date.now();
  const seconds = `${Math.floor(now / 1000)}.${String(now % 1000).padStart(3, '0')}000`;
  const hidden = hiddenFrom(command.name, args);
  const words = args.map((argument, index) => (hidden.has(index) ? '"(redacted)"' : quoted(argument)));
  return `${seconds} [${session.db} ${session.address}] ${words.join(' ')}`;
}

function hiddenFrom(name: string, args: Args): ReadonlySet<number> {
  const every = args.map((_, index) => index);
  if (name === 'auth') return new Set(every.slice(1));
  if (name !== 'hello') return new Set();
  const auth = args.findIndex((argument, index) => index > 1 && argument.toString().toUpperCase() === 'AUTH');
  return new Set(auth < 0 ? [] : [auth + 1, auth + 2]);
}

/** As `sdscatrepr` writes: printable bytes, escapes for the rest. */
function quoted(bytes: Buffer): string {
  let text = '"';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') text += `\\${char}`;
    else if (byte >= 0x20 && byte < 0x7f) text += char;
    else text += named[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${text}"`;
}

const named: Readonly<Record<number, string>> = { 10: '\\n', 13: '\\r', 9: '\\t', 7: '\\a', 8: '\\b' };
