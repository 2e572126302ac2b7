import type { RunningTarget } from '@entra-redis/conformance';
import type { Child } from './application-process.ts';
import type { Disturbance } from '../judge/lost-messages.ts';
import type { Fault } from '../schedule/faults.ts';
import type { WireWatch } from '../judge/wire-watch.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** After a jump forward a client takes its token for expired: a subscriber that cannot be logged in in place reconnects. */
const believedMs = 1000;

export interface HarmOptions {
  readonly target: RunningTarget;
  readonly child: Child;
  readonly wire: WireWatch;
  readonly random: () => number;
  /** A fault could not be brought about: another one was in its way. */
  readonly couldNot: (fault: Fault, why: string) => void;
}

/** Brings faults about. */
export class Harm {
  /** Times in which nobody can be blamed for a lost message. */
  readonly disturbances: Disturbance[] = [];
  readonly #options: HarmOptions;
  /** Servers are stopped, started and exchanged one at a time. */
  #servers: Promise<void> = Promise.resolve();
  #serversBusy = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: HarmOptions) {
    this.#options = options;
  }

  do(fault: Fault): void {
    const { target, child, wire, random } = this.#options;
    switch (fault.kind) {
      case 'cut':
        return target.cut(wire.live.filter(() => random() < fault.share));
      case 'wire':
        return target.fault({ match: fault.match, times: fault.times, action: fault.action });
      case 'refuse':
        return target.fault({
          match: ['AUTH', 'HELLO'],
          times: fault.times,
          action: { kind: 'error', message: 'WRONGPASS invalid username-password pair' },
        });
      case 'provider':
        return target.entra.fail(fault.fault, fault.times);
      case 'provider-down':
        return this.#start(this.#providerDown(fault.forMs));
      case 'clock-jump':
        child.send({ type: 'jump', byMs: fault.byMs });
        return this.#start(this.#disturb(() => pause(believedMs)));
      case 'process-pause':
        return this.#start(this.#pauseProcess(fault.forMs));
      default:
        return this.#toServers(fault);
    }
  }

  /** Ends all that is under way. */
  async heal(): Promise<void> {
    const { target } = this.#options;
    target.heal();
    target.entra.heal();
    await Promise.all([...this.#underWay, this.#servers]);
    target.heal();
    target.entra.heal();
  }

  #start(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #providerDown(forMs: number): Promise<void> {
    const { entra } = this.#options.target;
    entra.fail({ kind: 'status', status: 503 }, Infinity);
    await pause(forMs);
    entra.heal();
  }

  async #pauseProcess(forMs: number): Promise<void> {
    const { child } = this.#options;
    child.pause();
    await this.#disturb(() => pause(forMs));
    child.resume();
  }

  async #disturb(work: () => Promise<void>): Promise<void> {
    const disturbance = { from: Date.now(), to: Infinity };
    this.disturbances.push(disturbance);
    if (this.disturbances.length > 500) this.disturbances.splice(0, 250);
    try {
      await work();
    } finally {
      disturbance.to = Date.now();
    }
  }

  #toServers(fault: Fault): void {
    const { couldNot } = this.#options;
    if (this.#serversBusy) return couldNot(fault, 'a former one is not over');
    this.#serversBusy = true;
    this.#servers = this.#disturb(() => this.#onServers(fault)).then(
      () => {
        this.#serversBusy = false;
      },
      (error: unknown) => {
        this.#serversBusy = false;
        couldNot(fault, error instanceof Error ? error.message : String(error));
      },
    );
  }

  async #onServers(fault: Fault): Promise<void> {
    const { target } = this.#options;
    const { servers = [] } = target;
    const server = 'server' in fault ? servers[fault.server % servers.length] : undefined;
    switch (fault.kind) {
      case 'server-pause': {
        server?.pause();
        await pause(fault.forMs);
        return server?.resume();
      }
      case 'server-restart': {
        await server?.kill();
        await pause(fault.downMs);
        return await server?.restart();
      }
      case 'failover':
        return await target.failover?.();
      case 'move-slot':
        return await target.moveSlot?.(fault.slot);
      default:
    }
  }
}
