import type {
  Application,
  ApplicationEvent,
  ApplicationOptions,
  Capability,
  ConnectOptions,
  Driver,
  Session,
} from '../driver/driver.ts';
import type { Endpoint, RunningTarget, Topology } from '../targets/target.ts';

export type OpenOptions = Partial<ConnectOptions> & {
  /** Default: the context's own. */
  readonly application?: Application;
  /** Changes of the target's endpoint. */
  readonly endpoint?: { readonly [Name in keyof Endpoint]?: Endpoint[Name] | undefined };
};

/** What a scenario works with. All that it makes is ended by the suite. */
export interface Context {
  readonly driver: Driver;
  readonly target: RunningTarget;
  readonly resp: 2 | 3;
  readonly lifetimeMs: number;
  /** A time that a scenario chose for clients with a pace of milliseconds, for one that needs more. */
  scaled(ms: number): number;
  /** The application that `open` uses; requests its tokens over HTTP from the target's Entra. */
  readonly application: Application;
  /** What that application told, in order. */
  readonly events: readonly ApplicationEvent[];
  open(options?: OpenOptions): Promise<Session>;
  /** Whether the driver has a capability on this target. */
  supports(capability: Capability): boolean;
  /** A connected session. */
  connect(options?: OpenOptions): Promise<Session>;
  /** Another application, with tokens of its own. */
  startApplication(options?: Pick<ApplicationOptions, 'credential' | 'caches'>): Promise<Application>;
  /** Waits until `check` is true or throws no more; fails with `what` when the time is over. */
  eventually(what: string, check: () => boolean | Promise<boolean>, withinMs?: number): Promise<void>;
  /** Random numbers of the printed seed, in [0, 1). */
  random(): number;
}

export interface Scenario {
  /** `group/name`: its address in reports. */
  readonly id: string;
  readonly title: string;
  /** The real outage or rule behind it. */
  readonly why: string;
  readonly requires?: readonly Capability[];
  readonly topologies: readonly Topology[];
  /** True: for real servers alone; it needs what ours does not have, scripts for one. */
  readonly realServer?: true;
  /** True: for our server alone; it is about the identity provider, and another cache would show nothing more. */
  readonly simulated?: true;
  /** True: for Azure alone, whose wire nobody sees. */
  readonly azure?: true;
  /** RESP versions that it is about. Default: both. */
  readonly resp?: readonly (2 | 3)[];
  /** Life of its tokens. Default 3,000 ms. */
  readonly lifetimeMs?: number;
  /** A process that stands still for longer spoils what it measures. Default: a tenth of `lifetimeMs`. */
  readonly patienceMs?: number;
  /** Afterwards nothing may keep a driver's process alive, where it has one. */
  readonly mustExit?: true;
  /** True: it collects garbage, which stops the process of its driver, so that it runs before what measures time there. */
  readonly collectsGarbage?: true;
  run(context: Context): Promise<void>;
  /** What must hold where a required capability is missing. */
  otherwise?(context: Context): Promise<void>;
}
