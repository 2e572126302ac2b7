import type { RunningTarget } from '@entra-redis/conformance';
import type { Misleader } from './misleader.ts';
import type { Child } from './application-process.ts';
import type { Disturbance } from '../judge/lost-messages.ts';
import type { Move } from '../judge/moves.ts';
import type { Fault } from '../schedule/faults.ts';
import { type Misleading, misleading } from '../schedule/misleading.ts';
import type { WireWatch } from '../judge/wire-watch.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** After a jump forward a client takes its token for expired: a subscriber that cannot be logged in in place reconnects. */
const believedMs = 1000;
/** The application has been told to move by then, and has done it. */
const moveMs = 5000;

type Address = { readonly host: string; readonly port: number };
type OfMisleading = Extract<Fault, { readonly kind: Misleading }>;

const isMisleading = (fault: Fault): fault is OfMisleading => fault.kind in misleading;

export interface HarmOptions {
  readonly target: RunningTarget;
  readonly child: Child;
  readonly wire: WireWatch;
  readonly misleader: Misleader;
  readonly random: () => number;
  /** A fault could not be brought about: another one was in its way. */
  readonly couldNot: (fault: Fault, why: string) => void;
}

/** Brings faults about. */
export class Harm {
  /** Times in which nobody can be blamed for a lost message. */
  readonly disturbances: Disturbance[] = [];
  /** To which addresses the application's clients were moved, and when. */
  readonly moves: Move[] = [];
  readonly #options: HarmOptions;
  readonly #addresses: Address[];
  #moving = false;
  /** Servers are stopped, started and exchanged one at a time. */
  #servers: Promise<void> = Promise.resolve();
  #serversBusy = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: HarmOptions) {
    this.#options = options;
    this.#addresses = [options.target.endpoint];
  }

  /** Whether something went on meanwhile that makes everybody late. */
  isDisturbed(from: number, to: number): boolean {
    return this.disturbances.some((each) => each.from < to && each.to > from);
  }

  do(fault: Fault): void {
    if (isMisleading(fault)) return this.#mislead(fault);
    const { target, child, wire } = this.#options;
    switch (fault.kind) {
      case 'cut':
        return target.cut(wire.live.filter(() => this.#options.random() < fault.share));
      case 'wire':
        return target.fault({ match: fault.match, times: fault.times, action: fault.action });
      case 'refuse':
        return target.fault({
          match: ['AUTH', 'HELLO'],
          times: fault.times,
          action: { kind: 'error', message: 'WRONGPASS invalid username-password pair' },
        });
      case 'unanswered-auth':
        for (const connection of this.#some(wire.loggedIn, fault.connections))
          target.fault({ match: 'AUTH', connection, action: { kind: 'hang' } });
        return;
      case 'options-changed':
        return this.#start(this.#move(fault));
      case 'provider':
        return target.entra.fail(fault.fault, fault.times);
      case 'provider-down':
        return this.#start(this.#providerDown(fault.forMs));
      case 'clock-jump':
        child.send({ type: 'jump', byMs: fault.byMs });
        return this.#start(this.#disturb(() => pause(believedMs)));
      case 'process-pause':
        return this.#start(this.#disturb(() => child.pause(fault.forMs)));
      default:
        return this.#toServers(fault);
    }
  }

  /** Ends all that is under way. */
  async heal(): Promise<void> {
    const { target, misleader, wire } = this.#options;
    target.heal();
    target.entra.heal();
    misleader.end();
    await Promise.all([...this.#underWay, this.#servers]);
    target.heal();
    target.entra.heal();
    wire.read();
    target.cut(wire.hanging);
  }

  #some<T>(of: readonly T[], count: number): T[] {
    const left = [...of];
    const some: T[] = [];
    while (some.length < count && left.length > 0)
      some.push(...left.splice(Math.floor(this.#options.random() * left.length), 1));
    return some;
  }

  #mislead(fault: OfMisleading): void {
    const { misleader, couldNot } = this.#options;
    if (misleader.current !== undefined) return couldNot(fault, 'a former one is not over');
    misleader.begin(fault.kind);
    const over = pause(fault.forMs).then(() => misleader.end());
    this.#start(fault.kind.startsWith('clock') ? this.#disturb(() => over) : over);
  }

  async #move(fault: Fault): Promise<void> {
    const { target, child, couldNot } = this.#options;
    if (this.#moving) return couldNot(fault, 'a former one is not over');
    this.#moving = true;
    const [, other] = this.#addresses;
    if (other === undefined && target.addAddress !== undefined) this.#addresses.push(await target.addAddress());
    // To and fro; gates call them so.
    const next = this.moves.length % 2 === 0 ? 1 : 0;
    const { host, port } = this.#addresses[next] as Address;
    await this.#disturb(async () => {
      const moved = child.next('moved', moveMs);
      child.send({ type: 'move', host, port });
      await moved.then(
        ({ at }) => void this.moves.push({ node: `address-${next + 1}`, at }),
        (error: Error) => couldNot(fault, error.message),
      );
      await pause(believedMs);
    });
    this.#moving = false;
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
    this.#servers = this.#disturb(() => this.#onServers(fault))
      .catch((error: unknown) => couldNot(fault, error instanceof Error ? error.message : String(error)))
      .finally(() => void (this.#serversBusy = false));
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
