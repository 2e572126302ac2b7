import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './plan.ts';
import type { CaseTrace } from '../report/trace.ts';
import { runCases, type RunOptions } from './run-cases.ts';
import { runAgain } from './held-up.ts';
import type { CaseResult } from './case-result.ts';
import { keepRejectionsToCases } from './unhandled-rejections.ts';

/** What a worker tells of one case, by its place in the plan. */
interface Done {
  readonly index: number;
  readonly result: CaseResult;
  readonly trace?: string;
  readonly picture?: CaseTrace;
}

export interface WorkersOptions {
  /** The program and arguments that plan the same cases and call `serveCases`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly workers: number;
  /** How many cases run at a time in all of them. */
  readonly concurrency: number;
  readonly onResult: NonNullable<RunOptions['onResult']>;
  /** Whether to run a case again, after all others and alone. */
  readonly again: (result: CaseResult) => boolean;
}

/** Between the first cases of a worker: all at once they would load their clients for a part of a token's life. */
const rampMs = 150;

/** Our adapters warn of RESP2, which half of the cases ask for. */
const execArgv = ['--disable-warning=EntraRedisWarning'];

/**
 * Runs the cases, given by their places in the plan, in several processes, as one would use one core alone. Starts them in the order
 * given, and returns the results in the order of the plan.
 */
export async function runInWorkers(order: readonly number[], options: WorkersOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const waiting = order.values();
  const heldUp: { readonly index: number; readonly first: CaseResult }[] = [];
  const lanes = Math.max(1, Math.ceil(options.concurrency / options.workers));
  const children = Array.from({ length: Math.min(options.workers, order.length) }, () =>
    fork(options.program, [...options.args], { execArgv }),
  );
  const ready = new Map(children.map((child) => [child, untilReady(child)]));
  const run = async (child: ChildProcess, lane: number): Promise<void> => {
    await ready.get(child);
    await sleep(lane * rampMs);
    for (const index of waiting) {
      const { result, trace, picture } = await ask(child, index);
      if (options.again(result)) heldUp.push({ index, first: result });
      else options.onResult((results[index] = result), trace, picture);
    }
  };
  try {
    await Promise.all(children.flatMap((child) => Array.from({ length: lanes }, (_, lane) => run(child, lane))));
    const [alone] = children;
    for (const { index, first } of heldUp) {
      const ended = await runAgain(first, () => ask(alone as ChildProcess, index), options.again);
      options.onResult((results[index] = ended.result), ended.trace, ended.picture);
    }
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
  return results;
}

/** It has loaded every client, for seconds in which no case could run. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(endedEarly(code)));
  });
}

const endedEarly = (code: number | null): Error => new Error(`a worker of the suite ended with code ${code}`);

function ask(child: ChildProcess, index: number): Promise<Done> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(endedEarly(code));
    const onDone = (done: Done): void => {
      if (done.index !== index) return;
      child.off('message', onDone);
      child.off('exit', onExit);
      resolve(done);
    };
    child.setMaxListeners(0).on('message', onDone).once('exit', onExit);
    child.send({ index });
  });
}

/** The worker's side: runs the cases that it is asked for until the suite lets go of it. */
export function serveCases(cases: readonly Case[], options: Omit<RunOptions, 'concurrency' | 'onResult'>): void {
  const runOne = async (index: number): Promise<void> => {
    const [one] = cases.slice(index, index + 1);
    if (one === undefined) return;
    const onResult: RunOptions['onResult'] = (result, trace, picture) =>
      process.send?.({ index, result, trace, picture });
    await runCases([one], { ...options, concurrency: 1, onResult });
  };
  keepRejectionsToCases();
  process.on('message', ({ index }: { index: number }) => void runOne(index));
  process.on('disconnect', () => process.exit());
  process.send?.({ ready: true });
}
