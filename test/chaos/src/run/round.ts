import type { Target } from '@entra-redis/conformance';
import { seededRandom, tokenUrlOf, withTimeout } from '@entra-redis/conformance/driver-kit';
import { withoutTokens } from '@entra-redis/token-manager';
import { Child } from './application-process.ts';
import { footprintProblems } from '../judge/footprint-problems.ts';
import { Harm } from './harm.ts';
import { Misleader } from './misleader.ts';
import { misplaced } from '../judge/moves.ts';
import { notLoggedIn } from '../judge/not-logged-in.ts';
import { Standstills } from './standstills.ts';
import { whyLost } from '../judge/lost-messages.ts';
import type { FromApplication, Violation } from '../protocol.ts';
import type { RoundOptions, RoundResult } from './round-types.ts';
import type { Step } from '../schedule/faults.ts';
import { allMisleading, type Misleading } from '../schedule/misleading.ts';
import { describeStep, patienceMs, planRound, type RoundPlan, strictMs } from '../schedule/plan.ts';
import { sabotageStorm } from '../schedule/sabotage.ts';
import { blame } from '../judge/upstream.ts';
import { isCutByVagueness } from '../judge/vague-expiry.ts';
import { Violations } from '../judge/violations.ts';
import { type WireConnection, WireWatch } from '../judge/wire-watch.ts';

const startMs = 60_000;
const readMs = 250;
/** How often a calm is repeated where processes stand still. */
const mostRepeats = 3;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** One client on one target: storms with a calm after each, until the time is over. */
export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const { client, target: chosen, seed, seconds, sabotage } = options;
  // What a sabotage does to moves is found after a single one.
  const movable = options.movable && sabotage !== true;
  const plan = planRound({ seed, client, target: chosen.name, topology: chosen.topology, seconds, movable });
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
  readonly #misleader: Misleader;
  readonly #reading: NodeJS.Timeout;
  readonly #violations = new Violations();
  readonly #calms: Record<string, number> = {};
  readonly #standstills: Standstills;
  #heldUp = 0;
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
    this.#wire = new WireWatch(target.timeline, tell, {
      cut: ({ name }) =>
        isCutByVagueness({ client: options.client, topology: target.endpoint.topology }, name, this.#misleader.current),
      unanswered: (connection, at) => this.#isExcused(connection, at),
    });
    this.#child = new Child((message) => this.#told(message));
    this.#misleader = new Misleader({
      entra: target.entra,
      silent: options.sabotage === true,
      send: (message) => this.#child.send(message),
    });
    this.#standstills = new Standstills();
    const couldNot = (fault: { kind: string }, why: string): void => {
      this.#couldNot += 1;
      options.onStep?.(`  ${fault.kind} did not happen: ${why}`);
    };
    this.#harm = new Harm({
      target,
      child: this.#child,
      wire: this.#wire,
      misleader: this.#misleader,
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
      await (this.#options.sabotage === true ? this.#breakRules() : this.#liveThrough());
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

  async #liveThrough(): Promise<void> {
    const { storms, calms, stormMs } = this.#plan;
    for (const [index, storm] of storms.entries()) {
      await this.#storm(storm, stormMs);
      await this.#calm(calms[index] as Misleading);
    }
  }

  /** What is broken on purpose needs a moment in which nothing else explains it. */
  async #breakRules(): Promise<void> {
    const { storms, stormMs, lifetimeMs } = this.#plan;
    for (const storm of storms) await this.#storm(storm, stormMs);
    // What came in that storm has been renewed.
    await pause(lifetimeMs * 2);
    const { steps, lastsMs } = sabotageStorm(lifetimeMs, this.#options.movable);
    await this.#storm(steps, lastsMs);
    await pause(lifetimeMs);
    this.#beStrict();
    this.#child.send({ type: 'misbehave' });
    await pause(lifetimeMs);
    this.#check();
    for (const kind of allMisleading) {
      await this.#recover();
      await this.#misleadStrictly(kind, lifetimeMs * 1.2);
    }
    await this.#recover();
  }

  async #storm(steps: readonly Step[], lastsMs: number): Promise<void> {
    this.#child.send({ type: 'storm' });
    this.#wire.strict = false;
    const startedAt = performance.now();
    for (const step of steps) {
      await pause(step.atMs - (performance.now() - startedAt));
      this.#wire.read();
      this.#step(step);
    }
    await pause(lastsMs - (performance.now() - startedAt));
    await this.#harm.heal();
    this.#storms.push({ faults: steps.length, recoveredMs: await this.#recover() });
  }

  /** Answers how long it took, ms. */
  async #recover(): Promise<number> {
    const from = performance.now();
    this.#child.send({ type: 'storm' });
    this.#wire.strict = false;
    this.#child.send({ type: 'calm' });
    await this.#child.next('recovered', startMs);
    return Math.round(performance.now() - from);
  }

  #step(step: Step): void {
    const line = describeStep(step);
    if (this.#trace === undefined) this.#lastSteps = [...this.#lastSteps, line].slice(-40);
    this.#options.onStep?.(line);
    const { kind } = step.fault;
    this.#faults[kind] = (this.#faults[kind] ?? 0) + 1;
    this.#harm.do(step.fault);
  }

  /** Where a process stood still and something failed, once more. */
  async #calm(kind: Misleading): Promise<void> {
    const { lifetimeMs } = this.#plan;
    for (let repeats = 0; ; repeats += 1) {
      // What the storm has delayed may still come: a token that is about to expire, a reconnect that waits.
      await pause(lifetimeMs);
      const found = this.#violations.count;
      const from = Date.now();
      await this.#misleadStrictly(kind, strictMs(lifetimeMs));
      if (repeats === mostRepeats || !this.#standstills.any(from, patienceMs(kind, lifetimeMs))) return;
      const [first] = this.#violations.takeBack(found);
      if (first === undefined) return;
      this.#heldUp += 1;
      this.#options.onStep?.(`  the calm was held up, and is repeated: ${first.detail.slice(0, 300)}`);
      await this.#recover();
    }
  }

  async #misleadStrictly(kind: Misleading, forMs: number): Promise<void> {
    this.#beStrict();
    this.#calms[kind] = (this.#calms[kind] ?? 0) + 1;
    this.#options.onStep?.(`calm ${kind}`);
    this.#misleader.begin(kind);
    await pause(forMs);
    this.#check();
    this.#misleader.end();
  }

  #beStrict(): void {
    this.#child.send({ type: 'strict' });
    this.#wire.read();
    this.#wire.strict = true;
  }

  /** Its AUTH went out after the margin began, everybody was late since then, or nobody could know when its token expires. */
  #isExcused({ unansweredAt = 0, loggedInAt = 0 }: WireConnection, at: number): boolean {
    return (
      at - unansweredAt < this.#plan.lifetimeMs / 10 ||
      this.#harm.isDisturbed(unansweredAt, at) ||
      this.#standstills.any(unansweredAt, this.#plan.lifetimeMs / 10) ||
      this.#misleader.wasVague(loggedInAt - this.#plan.lifetimeMs, loggedInAt)
    );
  }

  #check(): void {
    const { connections } = this.#wire;
    this.#wire.read();
    for (const detail of notLoggedIn(connections, Date.now())) this.#violation({ invariant: 'recovers', detail });
    for (const detail of misplaced(connections, this.#harm.moves)) this.#violation({ invariant: 'moves', detail });
  }

  async #stop(): Promise<Pick<RoundResult, 'counts' | 'footprint'>> {
    this.#wire.strict = false;
    this.#child.send({ type: 'stop' });
    const { counts, footprint } = await this.#child.next('stopped', startMs);
    for (const detail of footprintProblems(footprint)) this.#violation({ invariant: 'footprint', detail });
    const code = await withTimeout(5000, 'it went on', this.#child.exited).catch((error: Error) => error.message);
    if (code !== 0) this.#violation({ invariant: 'footprint', detail: `the process did not end by itself: ${code}` });
    const { output } = this.#child;
    if (withoutTokens(output) !== output)
      this.#violation({ invariant: 'secrets', detail: 'a token in what the process wrote' });
    return { counts, footprint };
  }

  #told(message: FromApplication): void {
    if (message.type === 'violation') this.#violation(message);
    if (message.type === 'stood-still') this.#standstills.told(Date.now(), message.ms);
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
    this.#violations.add({ invariant, detail }, this.#misleader.current);
    this.#trace ??= this.#wire.tail();
  }

  #result(startedAt: number): Omit<RoundResult, 'client' | 'target' | 'seed' | 'counts' | 'footprint'> {
    return {
      lifetimeMs: this.#plan.lifetimeMs,
      seconds: Math.round((performance.now() - startedAt) / 1000),
      storms: this.#storms,
      faults: this.#faults,
      couldNot: this.#couldNot,
      calms: this.#calms,
      heldUp: this.#heldUp,
      wire: this.#wire.counts,
      ...blame(this.#options.client, this.#options.target.topology, this.#violations.all),
      trace: this.#trace,
      lastSteps: this.#lastSteps,
    };
  }
}
