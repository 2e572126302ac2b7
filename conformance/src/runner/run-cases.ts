import { withoutTokens } from '@entra-redis/token-manager';
import { ScenarioContext } from './scenario-context.ts';
import { expectedErrors, isExpected, type KnownFailing } from './known-failing.ts';
import { type Case, lifetimeOf } from './plan.ts';
import { type CaseTrace, traceOf } from '../report/trace.ts';
import { seededRandom, seedFor } from './random.ts';
import { standstills } from './standstill-watch.ts';
import type { RunningTarget } from '../targets/target.ts';
import type { CaseResult, Outcome } from './case-result.ts';
import { unexpectedOutcomes } from './case-result.ts';
import { asCase, unhandledInCase } from './unhandled-rejections.ts';
import { withTimeout, withIdleTimeout } from './timeout.ts';

export interface RunOptions {
  readonly seed: number;
  readonly caseTimeoutMs: number;
  /** How many cases run at a time. */
  readonly concurrency: number;
  readonly knownFailing: (address: string) => KnownFailing | undefined;
  /** Whether `onResult` wants pictures. Default false: a timeline of ordinary traffic is decoded for them. */
  readonly pictures?: boolean;
  /** Called as each case ends; `trace` is the wire timeline of one that went wrong, `picture` what the report draws of any. */
  onResult?(result: CaseResult, trace: string | undefined, picture: CaseTrace | undefined): void;
}

const traceLines = 200;
const closeTimeoutMs = 10_000;

interface Ended {
  /** What was thrown, in words. */
  readonly error?: string;
  readonly couldNotRun?: boolean;
  /** For how long at most the process of the driver did. */
  readonly stoodStillMs?: number;
  /** What the process of the driver ran on. */
  readonly runtime?: string;
  readonly trace?: string;
  readonly picture?: CaseTrace;
}

/** Runs every case, none skipped, and returns the results in the order of the plan. */
export async function runCases(cases: readonly Case[], options: RunOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < cases.length) {
      const index = next;
      next += 1;
      results[index] = await runCase(cases[index] as Case, options);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, cases.length) }, worker));
  return results;
}

/** What every result says of its case. */
function about({ address, scenario, driver, target }: Case): Omit<CaseResult, 'outcome' | 'durationMs'> {
  const { language, packages } = driver;
  return {
    case: address,
    scenario: scenario.id,
    driver: driver.name,
    driverVersion: driver.clientVersion,
    target: target.name,
    ...(language === undefined ? {} : { language }),
    ...(packages === undefined ? {} : { packages }),
  };
}

/** The result where the machine lacks what the driver needs: `error` says what. */
export const withoutDriver = (test: Case, error: string): CaseResult => ({
  ...about(test),
  outcome: 'could-not-run',
  durationMs: 0,
  lacking: 'driver',
  error,
});

async function runCase(test: Case, options: RunOptions): Promise<CaseResult> {
  const startedAt = performance.now();
  const watch = standstills();
  const known = hasClient(test) ? options.knownFailing(test.address) : undefined;
  const isNews = (error: string): boolean => known === undefined || !isExpected(known, error);
  const ended = await asCase(() => attempt(test, options, isNews));
  const outcome = outcomeOf(test, ended, known);
  const reason = reasonFor(test, outcome, known);
  const stoodStillMs = Math.max(watch.longestSince(startedAt), ended.stoodStillMs ?? 0);
  const result: CaseResult = {
    ...about(test),
    outcome,
    durationMs: Math.round(performance.now() - startedAt),
    ...(ended.runtime === undefined ? {} : { runtime: ended.runtime }),
    ...(reason === undefined ? {} : { reason }),
    ...(ended.error === undefined ? {} : { error: ended.error }),
    ...(stoodStillMs === 0 ? {} : { stoodStillMs }),
  };
  options.onResult?.(result, outcome === 'fail' ? ended.trace : undefined, ended.picture);
  return result;
}

/** `isNews`: of an error; then its timeline is put into words. */
async function attempt(test: Case, options: RunOptions, isNews: (error: string) => boolean): Promise<Ended> {
  const lifetimeMs = lifetimeOf(test);
  const caseTimeoutMs = options.caseTimeoutMs * (test.driver.timeScale ?? 1);
  let target: RunningTarget;
  let starting: Promise<RunningTarget> | undefined;
  try {
    target = await withIdleTimeout(options.caseTimeoutMs, 'the target did not start', (onProgress) => {
      starting = test.target.start({ lifetimeMs, onProgress });
      return starting;
    });
  } catch (error) {
    // One that starts all the same, too late, is nobody's.
    starting?.then((late) => late.close()).catch(() => undefined);
    return { error: describe(error), couldNotRun: true };
  }
  const random = seededRandom(seedFor(options.seed, test.address));
  const context = new ScenarioContext({ driver: test.driver, target, resp: test.resp, lifetimeMs, random });
  const failed = (thrown: unknown): Ended => {
    const error = describe(thrown);
    return isNews(error) ? { error, trace: lastLines(target.timeline.toText()) } : { error };
  };
  const running = run(test, context).then(() => ({}), failed);
  const ended = await withTimeout(caseTimeoutMs, 'the case did not end', running).catch((error: Error) =>
    failed(new Error(`${error.message}${context.standstill}`)),
  );
  const picture = options.pictures === true ? { picture: traceOf(target.timeline) } : {};
  const notClosed = await closeBoth(context, target, test.scenario.mustExit)
    .then(handledAll)
    .then(() => undefined, failed);
  const { stoodStillMs, runtime } = context;
  return {
    ...('error' in ended ? ended : (notClosed ?? ended)),
    ...picture,
    stoodStillMs,
    ...(runtime === undefined ? {} : { runtime }),
  };
}

/** Throws what the case left unhandled. */
async function handledAll(): Promise<void> {
  const [first] = await unhandledInCase();
  if (first !== undefined) throw new Error('an unhandled rejection, which ends a program', { cause: first });
}

/** The target is closed too where a client does not close. */
async function closeBoth(context: ScenarioContext, target: RunningTarget, mustExit?: boolean): Promise<void> {
  try {
    await context.close(mustExit);
  } finally {
    await withTimeout(closeTimeoutMs, 'the target did not close', target.close());
  }
}

/** The end of a long timeline: what led to the failure. */
function lastLines(text: string): string {
  const lines = text.split('\n');
  const left = lines.length - traceLines;
  return left <= 0 ? text : [`(${left} earlier lines left out)`, ...lines.slice(-traceLines)].join('\n');
}

/** Without a client for this topology there is nobody to assert anything of, and nothing that is known to fail. */
const hasClient = ({ missing, target }: Case): boolean =>
  !missing.some(({ capability }) => capability === target.topology);

async function run(test: Case, context: ScenarioContext): Promise<void> {
  const { scenario, missing } = test;
  await context.startApplication();
  if (missing.length === 0) return await scenario.run(context);
  if (!hasClient(test)) return;
  // Nothing to assert in place of what the client cannot do: the declaration itself is the result.
  await scenario.otherwise?.(context);
}

function outcomeOf(test: Case, { error, couldNotRun }: Ended, known: KnownFailing | undefined): Outcome {
  if (couldNotRun) return 'could-not-run';
  if (error !== undefined) return known !== undefined && isExpected(known, error) ? 'known-failing' : 'fail';
  if (known !== undefined && known.flaky !== true) return 'unexpected-pass';
  return test.missing.length === 0 ? 'pass' : 'degraded-as-declared';
}

function reasonFor(test: Case, outcome: Outcome, known: KnownFailing | undefined): string | undefined {
  if (outcome === 'degraded-as-declared') return test.missing.map((m) => `${m.capability}: ${m.because}`).join('; ');
  if (outcome === 'known-failing') return `${known?.because} (${known?.issue})`;
  if (outcome === 'unexpected-pass') return `was expected to fail but did not: ${known?.pattern}`;
  if (outcome === 'fail' && known !== undefined)
    return `was expected to fail with ${expectedErrors(known)} (${known.issue}), but failed for another reason`;
  return undefined;
}

/** Errors of clients may quote what they sent, and reports are published. */
function describe(error: unknown): string {
  return withoutTokens(messages(error));
}

function messages(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${messages(error.cause)}`;
}

/** Whether the run as a whole is good: 0, or 1 where something is not as expected. `isRequired`: of what could not run. */
export function exitCodeOf<Result extends Pick<CaseResult, 'outcome'>>(
  results: readonly Result[],
  isRequired: (result: Result) => boolean,
  problems: number,
): 0 | 1 {
  const bad = results.some(
    (result) => unexpectedOutcomes.has(result.outcome) || (result.outcome === 'could-not-run' && isRequired(result)),
  );
  return bad || problems > 0 ? 1 : 0;
}
