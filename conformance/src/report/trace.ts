import type { WireEntry, WireTimeline } from '@entra-redis/emulator';
import { connectionOf } from '../scenarios/wire.ts';

/** What happened at one place of the picture. `command` stands for all commands of `untilMs - atMs`. */
export interface TraceEvent {
  /** Which of `lanes`. */
  readonly lane: number;
  readonly atMs: number;
  readonly kind: Exclude<WireEntry['event'], 'reply'>;
  readonly text: string;
  /** `login`: digest of the token. */
  readonly token?: string;
  /** `command`: how many, and when the last of them came. */
  readonly count?: number;
  readonly untilMs?: number;
}

/** A wire timeline as the report draws it: connections as lanes, without secrets. */
export interface CaseTrace {
  readonly lanes: readonly string[];
  readonly events: readonly TraceEvent[];
  readonly durationMs: number;
  /** Connections that were left out, with their events: those that came last. */
  readonly lanesLeft: number;
  /** Events that were left out to keep the report small. */
  readonly left: number;
}

const lanesAtMost = 24;
const eventsAtMost = 240;
const namesAtMost = 4;
/** Of all pushes these alone tell of the connection itself. */
const maintenance = /^>(MOVING|MIGRAT(?:ING|ED)|FAIL(?:ING|ED)_OVER) /;

export function traceOf({ entries }: Pick<WireTimeline, 'entries'>): CaseTrace {
  const startAt = entries[0]?.at ?? 0;
  const connections = [...new Set(entries.map(connectionOf))];
  const lanes = connections.slice(0, lanesAtMost);
  const durationMs = Math.round((entries.at(-1)?.at ?? startAt) - startAt);
  // Commands closer together than a hundredth of the picture cannot be told apart in it.
  const merged = mergeCommands(entries, lanes, startAt, Math.max(20, durationMs / 100));
  return {
    lanes,
    events: merged.slice(0, eventsAtMost),
    durationMs,
    lanesLeft: connections.length - lanes.length,
    left: Math.max(0, merged.length - eventsAtMost),
  };
}

interface Run {
  readonly event: TraceEvent;
  readonly names: Set<string>;
  count: number;
  untilMs: number;
}

function mergeCommands(
  entries: readonly WireEntry[],
  lanes: readonly string[],
  startAt: number,
  gapMs: number,
): TraceEvent[] {
  const events: (TraceEvent | Run)[] = [];
  const running = new Map<number, Run>();
  for (const entry of entries) {
    const lane = lanes.indexOf(connectionOf(entry));
    const notice = entry.event === 'push' ? maintenance.exec(entry.text ?? '')?.[1] : undefined;
    if (lane < 0 || entry.event === 'reply' || (entry.event === 'push' && notice === undefined)) continue;
    const atMs = Math.round(entry.at - startAt);
    const run = running.get(lane);
    if (entry.event !== 'command') {
      running.delete(lane);
      const token = entry.login === undefined ? {} : { token: entry.login.token };
      events.push({ lane, atMs, kind: entry.event, text: notice ?? entry.login?.via ?? entry.text ?? '', ...token });
    } else if (run !== undefined && atMs - run.untilMs <= gapMs) {
      run.names.add(nameOf(entry));
      run.count += 1;
      run.untilMs = atMs;
    } else {
      const fresh: Run = {
        event: { lane, atMs, kind: 'command', text: '' },
        names: new Set([nameOf(entry)]),
        count: 1,
        untilMs: atMs,
      };
      running.set(lane, fresh);
      events.push(fresh);
    }
  }
  return events.map((event) => ('names' in event ? finished(event) : event));
}

function finished({ event, names, count, untilMs }: Run): TraceEvent {
  const shown = [...names].slice(0, namesAtMost).join(', ') + (names.size > namesAtMost ? ', …' : '');
  return { ...event, text: shown, count, untilMs };
}

const nameOf = ({ args }: WireEntry): string => (args?.[0] ?? '').toUpperCase().slice(0, 24);
