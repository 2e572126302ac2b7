import type { Application as Clients, Driver } from '@entra-redis/conformance';
import { seededRandom, ShiftedClock, standstills, withTimeout } from '@entra-redis/conformance/driver-kit';
import { adapterDrivers } from '@entra-redis/conformance/adapter-drivers';
import { diceOf } from '../schedule/faults.ts';
import type { CredentialMode } from '../schedule/misleading.ts';
import type { ApplicationStart, Footprint, FromApplication } from '../protocol.ts';
import type { Ledger } from './caller.ts';
import { Credential } from './credential.ts';
import { Crew } from './crew.ts';
import type { Findings } from './findings.ts';
import { footprint } from './footprint.ts';
import { Pending } from './pending.ts';
import { Sabotage } from './broken-rules.ts';

/** All clients answer, and what was asked before the calm has settled, within this time. */
const recoverMs = 15_000;
/** No fault lasts so long. */
const longestMs = 30_000;
const auditMs = 250;
/** Shorter standstills cost nothing. */
const standstillMs = 100;
/** What waits for an answer when its client is closed settles within this time. */
const settleMs = 5000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One life of the application under test, from its first connection to its last. */
export class Application {
  readonly #options: ApplicationStart;
  readonly #findings: Findings;
  readonly #send: (message: FromApplication) => void;
  readonly #clock = new ShiftedClock();
  readonly #credential = new Credential(this.#clock);
  #auditedAt = performance.now();
  readonly #driver: Driver;
  readonly #ledger: Ledger;
  readonly #sabotage: Sabotage | undefined;
  readonly #working: Promise<void>[] = [];
  #crew: Crew | undefined;
  #clients: Clients | undefined;
  #before: Footprint | undefined;
  #stopping = false;

  constructor(options: ApplicationStart, findings: Findings, send: (message: FromApplication) => void) {
    this.#options = options;
    this.#findings = findings;
    this.#send = send;
    this.#ledger = { findings, pending: new Pending(), errors: new Map(), failed: 0, strictFrom: Infinity };
    this.#sabotage = options.sabotage ? new Sabotage() : undefined;
    standstills();
    const decorate = this.#sabotage === undefined ? {} : { decorate: this.#sabotage.watch };
    const managing = { options: { ...pace, clock: this.#clock }, provider: this.#credential.from, ...decorate };
    const driver = adapterDrivers(managing).find(
      ({ name, clientVersion }) => options.client === `${name}@${clientVersion}`,
    );
    if (driver === undefined) throw new RangeError(`no client ${options.client}`);
    this.#driver = driver;
  }

  async start(): Promise<void> {
    await this.#rehearse();
    const crew = await this.#makeCrew(this.#sabotage);
    this.#crew = crew;
    await crew.open();
    for (const { every, load } of crew.loads) this.#working.push(this.#repeat(load, every));
    this.#working.push(this.#repeat(() => this.#audit(), auditMs));
    this.#send({ type: 'started', connections: crew.callers.map(({ name }) => name) });
  }

  jump(byMs: number): void {
    this.#clock.aheadMs += byMs;
  }

  setClock(aheadMs: number): void {
    this.#clock.aheadMs = aheadMs;
  }

  setCredential(mode: CredentialMode): void {
    this.#credential.mode = mode;
  }

  async move({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    await this.#crew?.move(host, port);
    this.#send({ type: 'moved', port, at: Date.now() });
  }

  beStrict(strict: boolean): void {
    this.#ledger.strictFrom = strict ? this.#ledger.pending.asked : Infinity;
  }

  /** Breaks rules that have a moment of their own, where they are to be broken. */
  async misbehave(): Promise<void> {
    const mixers = this.#crew?.callers.filter(({ name }) => name.startsWith('mixer')) ?? [];
    await this.#sabotage?.misbehave(mixers);
  }

  /** Waits until every client answers and nothing from before is left. */
  async recover(): Promise<void> {
    const { pending } = this.#ledger;
    const before = pending.asked;
    const giveUpAt = performance.now() + recoverMs;
    const counts = (this.#crew?.callers ?? []).map((caller) => ({ caller, answered: caller.answered }));
    const silent = (): string[] => counts.filter((at) => at.caller.answered <= at.answered).map((at) => at.caller.name);
    while (silent().length > 0 || pending.unsettled(before).length > 0) {
      if (performance.now() > giveUpAt) break;
      await pause(50);
    }
    for (const name of silent()) this.#findings.violation('recovers', `${name} does not answer within ${recoverMs} ms`);
    for (const what of pending.unsettled(before)) this.#findings.violation('settles', what);
    this.#send({ type: 'recovered' });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#ledger.strictFrom = Infinity;
    await this.#crew?.readClients();
    await this.#crew?.close();
    await withTimeout(settleMs, 'the work ends', Promise.all(this.#working)).catch(() => undefined);
    const giveUpAt = performance.now() + settleMs;
    while (this.#ledger.pending.size > 0 && performance.now() < giveUpAt) await pause(20);
    for (const what of this.#ledger.pending.unsettled()) this.#findings.violation('settles', `after close: ${what}`);
    const counts = this.#counts();
    const [before, clients] = [this.#before, this.#clients];
    this.#crew = undefined;
    this.#clients = undefined;
    if (before === undefined || clients === undefined) return;
    const after = await footprint(async () => (await clients.leaked?.()) ?? 0);
    this.#send({ type: 'stopped', counts, footprint: { before, after } });
  }

  /** All that is loaded late has been loaded afterwards, so that footprints compare. */
  async #rehearse(): Promise<void> {
    for (let i = 0; i < 2; i += 1) {
      const crew = await this.#makeCrew();
      await crew.open();
      for (let round = 0; round < 5; round += 1) await Promise.all(crew.loads.map(({ load }) => load()));
      await crew.close();
    }
    const clients = this.#clients;
    this.#before = await footprint(async () => (await clients?.leaked?.()) ?? 0);
  }

  async #makeCrew(sabotage?: Sabotage): Promise<Crew> {
    const { endpoint, tokenUrl, lifetimeMs, seed } = this.#options;
    this.#clients = await this.#driver.start({ tokenUrl, lifetimeMs });
    const resent = this.#driver.capabilities['blocked-resent'] === true;
    return new Crew(this.#clients, {
      driver: this.#driver,
      endpoint,
      ledger: this.#ledger,
      sabotage,
      dice: diceOf(seededRandom(seed)),
      mayBlockLong: () => this.#before !== undefined && (resent || this.#ledger.strictFrom === Infinity),
    });
  }

  async #repeat(work: () => Promise<unknown>, everyMs: number): Promise<void> {
    while (!this.#stopping) {
      await work();
      await pause(everyMs);
    }
  }

  /** What is looked at throughout. */
  async #audit(): Promise<void> {
    const crew = this.#crew;
    if (crew === undefined) return;
    const stoodStillMs = standstills().longestSince(this.#auditedAt);
    this.#auditedAt = performance.now();
    if (stoodStillMs > standstillMs) this.#send({ type: 'stood-still', ms: stoodStillMs });
    await crew.readOutput();
    for (const messages of crew.messages)
      for (const missing of messages.overdue()) this.#send({ type: 'missing', ...missing });
    for (const what of this.#ledger.pending.olderThan(longestMs)) this.#findings.violation('settles', what);
  }

  #counts(): Extract<FromApplication, { type: 'stopped' }>['counts'] {
    const { pending, failed, errors } = this.#ledger;
    const messages = this.#crew?.messages ?? [];
    const sum = (of: 'received' | 'doubled'): number => messages.reduce((total, each) => total + each[of], 0);
    return {
      commands: pending.asked,
      failed,
      messages: sum('received'),
      doubled: sum('doubled'),
      jobs: this.#crew?.jobs ?? 0,
      errors: Object.fromEntries([...errors].sort(([, a], [, b]) => b - a)),
    };
  }
}

/** A provider that hangs must not take longer than a token lives. */
const pace = {
  requestTimeoutMs: 800,
  // Earlier than by default: the longer a short token lives on, the less it matters that a machine is busy.
  refresh: { minIntervalMs: 200, expirationRefreshRatio: 0.6 },
  retry: { initialDelayMs: 100, maxDelayMs: 500 },
};
