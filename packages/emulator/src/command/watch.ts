import { styleText } from 'node:util';
import type { TimelineRecorder } from '../timeline/timeline.ts';
import type { WireEntry } from '../types.ts';

/** Where the lines go. */
const on = { stream: process.stderr };

/** A line for what matters to somebody who watches logins; nothing for the rest. */
function describeLogin(entry: WireEntry, named: boolean): string | undefined {
  const time = new Date(entry.at).toISOString().slice(11, 23);
  const who = `CLIENT ID ${entry.connection}${named ? ` of ${entry.node}` : ''}`;
  switch (entry.event) {
    case 'login':
      return `${time}  ${styleText('green', 'login   ', on)}  ${who}, ${entry.login?.via} as ${entry.login?.username}, until ${new Date(entry.login?.expiresAt ?? 0).toISOString().slice(11, 23)}`;
    case 'refused':
      return `${time}  ${styleText('red', 'refused ', on)}  ${who}: ${entry.text}`;
    case 'expired':
      return `${time}  ${styleText('yellow', 'expired ', on)}  ${who}: its token expired, the connection is cut`;
    default:
      return undefined;
  }
}

interface Telling {
  /** Logins that went well are not told. */
  readonly troubleAlone: boolean;
  /** With the node: each one of a cluster counts its own connections. */
  readonly named: boolean;
}

/** A timeline that tells every entry, and keeps none: this may run for days. */
export function tellingTimeline(tell: (line: string) => void, { troubleAlone, named }: Telling): TimelineRecorder {
  const add = (entry: WireEntry): void => {
    if (troubleAlone && entry.event === 'login') return;
    const line = describeLogin(entry, named);
    if (line !== undefined) tell(line);
  };
  return {
    entries: [],
    landmarks: [],
    add,
    addLate: (entries) => {
      for (const entry of entries.read()) add(entry);
    },
    toText: () => '',
    clear: () => undefined,
  };
}
