import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Lane, Role } from './clients.ts';
import type { Tally, Workload } from './workload.ts';

export interface Rotation {
  readonly at: number;
  readonly lane: string;
  readonly role: Role;
  readonly clientId: number;
  readonly expiresAt: number;
}

/** Where the demo's words go: plain lines on a pipe, and a status below the lines on a terminal. */
export interface View {
  line(text: string): void;
  rotation(rotation: Rotation): void;
  stop(): void;
}

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);

export function rotationLine(r: Rotation): string {
  const connection = `${r.lane} ${r.role}`.padEnd(21);
  return `${time(r.at)}  ${connection}  CLIENT ID ${String(r.clientId).padEnd(4)}  new token until ${time(r.expiresAt)}`;
}

function statusLine(lane: Lane, tally: Tally, now: number): string {
  const left = Math.max(0, (lane.manager.current?.expiresAt ?? now) - now) / 1000;
  const health = tally.failed === 0 ? styleText('green', '0 failed') : styleText('red', `${tally.failed} failed`);
  return `${lane.name.padEnd(10)}  token ${left.toFixed(1).padStart(4)} s left  ${String(tally.commands).padStart(7)} commands  ${health}  ${tally.received}/${tally.published} messages`;
}

export function createView(lanes: readonly { lane: Lane; workload: Workload }[]): View {
  if (!process.stdout.isTTY) {
    const line = (text: string): void => console.log(text);
    return { line, rotation: (r) => line(rotationLine(r)), stop: () => undefined };
  }
  const live = createLogUpdate(process.stdout);
  const draw = (): void =>
    live(`\n${lanes.map(({ lane, workload }) => statusLine(lane, workload.tally, Date.now())).join('\n')}`);
  const line = (text: string): void => {
    live.clear();
    console.log(text);
    draw();
  };
  const timer = setInterval(draw, 100);
  return {
    line,
    rotation: (r) => line(styleText('cyan', rotationLine(r))),
    stop: () => {
      clearInterval(timer);
      live.clear();
    },
  };
}
