import type { Step } from './faults.ts';

/** From a move on, a connection that was under way may open at the former address. */
const settledMs = 3500;
/** After the cut, every connection has logged in again. */
const loggedInMs = 2000;
/** More than a client has. */
const everyConnection = 100;

/** A storm that meets what `--sabotage` has broken of rules about faults. */
export function sabotageStorm(
  lifetimeMs: number,
  movable: boolean,
): { readonly steps: Step[]; readonly lastsMs: number } {
  const moved: Step[] = [
    { atMs: 0, fault: { kind: 'options-changed' } },
    { atMs: settledMs, fault: { kind: 'cut', share: 1 } },
  ];
  const from = movable ? settledMs + loggedInMs : 0;
  const steps: Step[] = [
    ...(movable ? moved : []),
    { atMs: from, fault: { kind: 'unanswered-auth', connections: everyConnection } },
  ];
  return { steps, lastsMs: from + lifetimeMs * 1.2 };
}
