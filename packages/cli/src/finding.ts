import type { Details, Finding, Remedy } from './types.ts';

export interface More {
  readonly lines?: readonly string[];
  readonly details?: Details;
  readonly remedies?: readonly Remedy[];
}

export const ok = (found: string, more: More = {}): Finding => ({ status: 'ok', found, ...more });

export const warning = (problem: string, found: string, more: More = {}): Finding => ({
  status: 'warning',
  found,
  problem,
  ...more,
});

export const failed = (problem: string, found: string, more: More = {}): Finding => ({
  status: 'failed',
  found,
  problem,
  ...more,
});

/** `remedy('Check the port.')`, or with a command to paste. */
export const remedy = (text: string, command?: string): Remedy => ({
  text,
  ...(command === undefined ? {} : { command }),
});

/** `40 ms`, `3 s`, `59 min`, `23 h`, `12 days`: as exact as a reader wants it. */
export function spell(durationMs: number): string {
  if (Math.abs(durationMs) < 1000) return `${Math.round(Math.abs(durationMs))} ms`;
  const seconds = Math.round(Math.abs(durationMs) / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** `2026-11-24 01:02:03 UTC`. */
export const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `1 key`, `2 keys`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
