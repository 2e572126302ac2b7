import type { Target } from '@entra-redis/conformance';
import { seededRandom, tokenUrlOf, withTimeout } from '@entra-redis/conformance/driver-kit';
import { withoutTokens } from '@entra-redis/token-manager';
import { Child } from './application-process.ts';
import { footprintProblems } from '../judge/footprint-problems.ts';
import { Harm } from './harm.ts';
import { whyLost } from '../judge/lost-messages.ts';
import type { Counts, Footprint, FromApplication, Violation } from '../protocol.ts';
import type { Step } from '../schedule/faults.ts';
import { calmMs, describeStep, planRound, type RoundPlan } from '../schedule/plan.ts';
import { blame } from '../judge/upstream.ts';
import { WireWatch } from '../judge/wire-watch.ts';

export interface RoundOptions {
  readonly client: string;
  readonly target: Target;
  readonly seed: number;
  readonly seconds: number;
  /** Rules are broken on purpose: see `judge/sabotage.ts`. */
  readonly sabotage?: boolean;
  onStep?(line: string): void;
}

export interface RoundResult {
  readonly client: string;
  readonly target: string;
  readonly seed: number;
  readonly lifetimeMs: number;
  readonly seconds: number;
  /** Each with all that it brought. */
  readonly storms: readonly { readonly faults: number; readonly recoveredMs: number }[];
  /** How often each kind of fault came. */
  readonly faults: Readonly<Record<string, number>>;
  readonly couldNot: number;
  readonly wire: WireWatch['counts'];
  readonly counts: Counts | undefined;
  readonly footprint: { readonly before: Footprint; readonly after: Footprint } | undefined;
  readonly violations: readonly Violation[];
  /** What the client does wrong by itself. */
  readonly upstream: readonly Violation[];
  /** The end of the wire timeline when the first violation was found, and the last faults before it. */
  readonly trace: string | undefined;
  readonly lastSteps: readonly string[];
}

const startMs = 60_000;
const readMs = 250;
/** Violations of one rule that are kept. */
const mostOfOne = 50;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** One client on one target: storms with a calm after each, until the time is over. */
export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const { client, target: chosen, seed, seconds } = options;
  const plan = planRound({ seed, client, target: chosen.name, topology: chosen.topology, seconds });
  // It gives up by itself where its servers' logs show no progress.
  const target = await chosen.start({ lifetimeMs: plan.lifetimeMs });
  const round = new Round(options, target, plan);
  try {
    return await round.run();
  } finally {
    await round.end();
    await withTimeout(startMs, 'the target did not close', target.close());
  }
}

class Round {
  readonly #options: RoundOptions;
  readonly #target: Awaited<ReturnType<Target['start']>>;
  readonly #plan: RoundPlan;
  readonly #child: Child;
  readonly #wire: WireWatch;
  readonly #harm: Harm;
  readonly #reading: NodeJS.Timeout;
  readonly #violations: Violation[] = [];
  readonly #storms: { faults: number; recoveredMs: number }[] = [];
  readonly #faults: Record<string, number> = {};
  #lastSteps: readonly string[] = [];
  #couldNot = 0;
  #trace: string | undefined;

  constructor(options: RoundOptions, target: Awaited<ReturnType<Target['start']>>, plan: RoundPlan) {
    this.#options = options;
    this.#target = target;
    this.#plan = plan;
    const tell = (violation: Violation): void => this.#violation(violation);
    this.#wire = new WireWatch(target.timeline, tell);
    this.#child = new Child((message) => this.#told(message));
    const couldNot = (fault: { kind: string }, why: string): void => {
      this.#couldNot += 1;
      options.onStep?.(`  ${fault.kind} did not happen: ${why}`);
    };
    this.#harm = new Harm({
      target,
      child: this.#child,
      wire: this.#wire,
      random: seededRandom(options.seed),
      couldNot,
    });
    this.#reading = setInterval(() => this.#wire.read(), readMs);
  }

  async run(): Promise<RoundResult> {
    const { client, seed, target } = this.#options;
    const startedAt = performance.now();
    try {
      await this.#start();
      for (const storm of this.#plan.storms) await this.#storm(storm);
      return { ...(await this.#stop()), ...this.#result(startedAt), client, target: target.name, seed };
    } catch (error) {
      this.#violation({ invariant: 'recovers', detail: error instanceof Error ? error.message : String(error) });
      return { counts: undefined, footprint: undefined, ...this.#result(startedAt), client, target: target.name, seed };
    }
  }

  async end(): Promise<void> {
    clearInterval(this.#reading);
    await this.#child.kill();
  }

  async #start(): Promise<void> {
    const { client, seed, sabotage = false } = this.#options;
    const { endpoint, entra } = this.#target;
    const { lifetimeMs } = this.#plan;
    const start = { client, endpoint, tokenUrl: tokenUrlOf(entra), lifetimeMs, seed, sabotage };
    this.#child.send({ type: 'start', options: start });
    await this.#child.next('started', startMs);
  }

  async #storm(steps: readonly Step[]): Promise<void> {
    this.#child.send({ type: 'storm' });
    this.#wire.strict = false;
    const startedAt = performance.now();
    for (const step of steps) {
      await pause(step.atMs - (performance.now() - startedAt));
      this.#wire.read();
      this.#step(step);
    }
    await pause(this.#plan.stormMs - (performance.now() - startedAt));
    await this.#harm.heal();
    const healedAt = performance.now();
    this.#child.send({ type: 'calm' });
    await this.#child.next('recovered', startMs);
    this.#storms.push({ faults: steps.length, recoveredMs: Math.round(performance.now() - healedAt) });
    await this.#calm();
  }

  #step(step: Step): void {
    const line = describeStep(step);
    if (this.#trace === undefined) this.#lastSteps = [...this.#lastSteps, line].slice(-40);
    this.#options.onStep?.(line);
    const { kind } = step.fault;
    this.#faults[kind] = (this.#faults[kind] ?? 0) + 1;
    this.#harm.do(step.fault);
  }

  async #calm(): Promise<void> {
    // What the storm has delayed may still come: a token that is about to expire, a reconnect that waits.
    const { lifetimeMs } = this.#plan;
    await pause(lifetimeMs);
    this.#child.send({ type: 'strict' });
    this.#wire.read();
    this.#wire.strict = true;
    await pause(calmMs(lifetimeMs) - lifetimeMs);
    this.#wire.read();
    this.#checkLogins();
  }

  /** Every connection that is open is logged in, with a token that lives. */
  #checkLogins(): void {
    const now = Date.now();
    for (const { id, name, closedAt, openedAt, expiresAt } of this.#wire.connections) {
      if (closedAt !== undefined || now - openedAt < 1000) continue;
      if (name === undefined && expiresAt === undefined) continue;
      if ((expiresAt ?? 0) < now)
        this.#violation({ invariant: 'recovers', detail: `connection #${id} ${name ?? ''} is not logged in` });
    }
  }

  async #stop(): Promise<Pick<RoundResult, 'counts' | 'footprint'>> {
    this.#wire.strict = false;
    this.#child.send({ type: 'stop' });
    const { counts, footprint } = await this.#child.next('stopped', startMs);
    for (const detail of footprintProblems(footprint)) this.#violation({ invariant: 'footprint', detail });
    const code = await withTimeout(5000, 'the process ends by itself', this.#child.exited).catch(
      (error: Error) => error.message,
    );
    if (code !== 0) this.#violation({ invariant: 'footprint', detail: `the process did not end by itself: ${code}` });
    const { output } = this.#child;
    if (withoutTokens(output) !== output)
      this.#violation({ invariant: 'secrets', detail: 'a token in what the process wrote' });
    return { counts, footprint };
  }

  #told(message: FromApplication): void {
    if (message.type === 'violation') this.#violation(message);
    if (message.type !== 'missing') return;
    this.#wire.read();
    const why = whyLost(message, this.#wire.connections, this.#harm.disturbances, this.#options.target.topology);
    if (why !== undefined)
      this.#violation({
        invariant: 'messages',
        detail: `${message.message} did not reach ${message.subscriber}: ${why}`,
      });
  }

  #violation({ invariant, detail }: Violation): void {
    const known = this.#violations.filter((each) => each.invariant === invariant);
    if (known.length < mostOfOne) this.#violations.push({ invariant, detail });
    this.#trace ??= this.#wire.tail();
  }

  #result(startedAt: number): Omit<RoundResult, 'client' | 'target' | 'seed' | 'counts' | 'footprint'> {
    return {
      lifetimeMs: this.#plan.lifetimeMs,
      seconds: Math.round((performance.now() - startedAt) / 1000),
      storms: this.#storms,
      faults: this.#faults,
      couldNot: this.#couldNot,
      wire: this.#wire.counts,
      ...blame(this.#options.client, this.#options.target.topology, this.#violations),
      trace: this.#trace,
      lastSteps: this.#lastSteps,
    };
  }
}
