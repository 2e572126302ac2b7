import { createFaults, createTimeline, type Gate, type GateOptions, startGate } from '@entra-redis/emulator';
import type { CloseStack } from './close-stack.ts';
import type { RunningTarget } from './target.ts';

type Common = Pick<GateOptions, 'verifier' | 'tls' | 'maintenanceNotifications'>;

/** The gates of a target: one timeline and the same faults for all, and clients that are told of a server find its gate. */
export class Gates {
  readonly #timeline = createTimeline();
  readonly #faults = createFaults();
  readonly #stack: CloseStack;
  readonly #common: Common;
  readonly #cuttable: Gate[] = [];
  // All servers listen on loopback, so ports tell them apart.
  readonly #byServerPort = new Map<number, Gate>();

  constructor(stack: CloseStack, common: Common) {
    this.#stack = stack;
    this.#common = common;
  }

  /** `own`: what this one does differently. */
  async open(upstream: GateOptions['upstream'], name: string, own: Pick<GateOptions, 'tls'> = {}): Promise<Gate> {
    const gate = await this.#start({ upstream, name, faults: this.#faults, ...own });
    this.#cuttable.push(gate);
    return gate;
  }

  /** Before a sentinel: nobody has to log in there, and nothing is broken. */
  openWatcher(upstream: GateOptions['upstream'], name: string): Promise<Gate> {
    return this.#start({ upstream, name, open: true });
  }

  /** What a target does to its gates. */
  get controls(): Pick<RunningTarget, 'timeline' | 'cut' | 'fault' | 'heal'> {
    return {
      timeline: this.#timeline,
      cut: (connections) => this.#cuttable.forEach((gate) => gate.cut(connections)),
      fault: (fault) => this.#faults.fault(fault),
      heal: () => this.#faults.heal(),
    };
  }

  async #start(options: Omit<GateOptions, 'verifier'>): Promise<Gate> {
    const rewriteAddress = (host: string, port: number): { host: string; port: number } => {
      const { host: gateHost, port: gatePort } = this.#byServerPort.get(port) ?? { host, port };
      return { host: gateHost, port: gatePort };
    };
    const shared = { ...this.#common, timeline: this.#timeline, rewriteAddress };
    const gate = this.#stack.use(await startGate({ ...shared, ...options }));
    this.#byServerPort.set(options.upstream.port, gate);
    return gate;
  }
}
