import {
  createTokenManager,
  type IdentityProvider,
  type TokenEvent,
  type TokenManager,
  type TokenManagerOptions,
} from '@entra-redis/token-manager';
import type {
  Application,
  ApplicationEvent,
  ApplicationOptions,
  ConnectOptions,
  QueueSession,
  Session,
} from '../driver/driver.ts';
import type { Endpoint } from '../targets/target.ts';
import { ClosedClients } from './closed-clients.ts';
import { CredentialProcess } from './credential-process.ts';
import { httpProvider } from './http-provider.ts';
import { onWarning } from './process-warnings.ts';
import { describeClient, describeError } from './secrets.ts';
import { ShiftedClock } from './shifted-clock.ts';

/** What an adapter adds to the token manager, which all of ours share. */
export interface Clients {
  readonly open: (manager: TokenManager, endpoint: Endpoint, options: ConnectOptions, closed: ClosedClients) => Session;
  readonly openQueue?: (manager: TokenManager, endpoint: Endpoint, name: string) => Promise<QueueSession>;
}

export type Decorate = (manager: TokenManager) => TokenManager;

/** What a test or a chaos run changes of the manager. */
export interface Managing {
  readonly options?: TokenManagerOptions;
  /** Where its tokens come from. Default: the token URL, asked each time. */
  readonly provider?: (tokenUrl: string) => IdentityProvider;
  /** Called before the adapter gets it. */
  readonly decorate?: Decorate;
}

/** An application that has one token manager. */
export async function startManaged(
  { tokenUrl, credential: spec, caches }: ApplicationOptions,
  clients: Clients,
  { options: changes = {}, provider: providerOf, decorate = (manager) => manager }: Managing = {},
): Promise<Application> {
  const credential = spec === undefined ? undefined : await CredentialProcess.start(spec);
  const clock = new ShiftedClock();
  const provider =
    providerOf?.(tokenUrl) ?? httpProvider(tokenUrl, { clock: changes.clock, cachedBy: caches && clock });
  const created = createTokenManager(credential ?? provider, {
    clock,
    // Earlier than by default: the longer a short token lives on, the less it matters that a machine is busy.
    refresh: { minIntervalMs: 200, expirationRefreshRatio: 0.6 },
    retry: { initialDelayMs: 100, maxDelayMs: 500 },
    ...changes,
  });
  const manager = decorate(created);
  const closed = new ClosedClients();
  const events: ApplicationEvent[] = [];
  manager.subscribe((event) => events.push({ type: event.type, text: textOf(event) }));
  const unsubscribe = onWarning((event) => events.push(event));
  const { openQueue } = clients;
  return {
    events,
    open: async (endpoint, options) => clients.open(manager, endpoint, options, closed),
    leaked: () => closed.remaining(),
    setClock: async (aheadMs) => void (clock.aheadMs = aheadMs),
    ...(openQueue === undefined
      ? {}
      : { openQueue: (endpoint: Endpoint, name: string) => openQueue(manager, endpoint, name) }),
    describe: async () => describeClient(manager, manager),
    close: async () => {
      unsubscribe();
      manager.close();
      credential?.close();
    },
  };
}

function textOf(event: TokenEvent): string {
  return `${JSON.stringify(event)}\n${'error' in event ? describeError(event.error) : describeClient(event, undefined)}`;
}
