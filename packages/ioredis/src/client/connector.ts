import type { TokenManager } from '@entra-redis/token-manager';
import { prototypeOf, runningCopy } from './loaded-copies.ts';
import { otherCredentials, unknownCopy } from '../errors.ts';
import { hookCopy, loginKey, loginOf, type Login } from './connect-hooks.ts';
import type { Connector, ConnectorConstructor, Instance, InstanceOptions } from './client-internals.ts';
import { restorePlaceholders } from '../placeholder.ts';
import { exposedSentinel, sentinelsOf, turnOnTls, type Transport } from '../tls.ts';

/** What the options of an instance were made of. */
export interface EntraSettings {
  readonly manager: TokenManager;
  readonly transport: Transport;
  readonly inCluster: boolean;
  /** The `Connector` that the user gave. */
  readonly userConnector: unknown;
}

/**
 * For the `Connector` option, which ioredis constructs in the constructor of every instance that our options reach: the
 * place to find its copy of ioredis before it connects, and to check the final options. Its product is replaced when the
 * instance is adopted.
 */
export function connectorFor(settings: EntraSettings, login: Login): ConnectorConstructor {
  function EntraConnector(options: InstanceOptions): Connector {
    restorePlaceholders(options, login);
    // An error thrown while a cluster makes a node would be swallowed: there it is what connecting rejects with.
    if (!settings.inCluster) checkOptions(options, settings);
    const copy = runningCopy();
    if (copy !== undefined) hookCopy(copy);
    return new UnadoptedConnector();
  }
  EntraConnector[loginKey] = login;
  return EntraConnector as unknown as ConnectorConstructor;
}

/** Refuses to connect: the connections of an instance that is not adopted would be closed when their token expires. */
class UnadoptedConnector implements Connector {
  successor: Connector | undefined;

  async connect(emit: Parameters<Connector['connect']>[0]): ReturnType<Connector['connect']> {
    // The constructor of an instance connects at once; attach() may follow directly.
    await Promise.resolve();
    if (this.successor === undefined) throw unknownCopy();
    return this.successor.connect(emit);
  }

  disconnect(): void {}

  check(): boolean {
    return true;
  }
}

/** Gives an instance the connector that it would have by itself: the user's, one for a server, or one for sentinels. */
export function installConnector(instance: Instance, { userConnector, transport }: EntraSettings): void {
  const { connector: unadopted, options } = instance;
  // An attached client has its own from the start.
  if (unadopted instanceof UnadoptedConnector) {
    const Connector = (userConnector ??
      connectorClass(instance, prototypeOf(instance, 'silentEmit'))) as ConnectorConstructor;
    instance.connector = unadopted.successor = new Connector(options);
  }
  const { connector } = instance;
  if (userConnector !== undefined || connector.sentinelIterator === undefined) return;
  connector.emitter = instance;
  keepSentinelsPrivate(connector.sentinelIterator, options, transport);
}

/** By ioredis' own prototype, of which a process may have several. */
const connectorClasses = new WeakMap<Instance, { ofServer?: unknown; ofSentinels?: unknown }>();

/** Not exported by ioredis, and nor is the class of an instance: both are asked, once, from one that never connects. */
function connectorClass({ options }: Instance, prototype: Instance): unknown {
  const known = connectorClasses.get(prototype) ?? {};
  connectorClasses.set(prototype, known);
  const ask = (sentinels?: readonly object[]): unknown =>
    prototype.duplicate.call({ options: { lazyConnect: true, sentinels, name: 'unused' } }).connector.constructor;
  if (sentinelsOf(options) === undefined) return (known.ofServer ??= ask());
  return (known.ofSentinels ??= ask([{ host: 'localhost' }]));
}

/** Sentinels announce others: one that could only be asked in plain text is not learnt. */
function keepSentinelsPrivate(
  sentinelIterator: NonNullable<Connector['sentinelIterator']>,
  options: InstanceOptions,
  transport: Transport,
): void {
  const { add } = sentinelIterator;
  sentinelIterator.add = (sentinel) =>
    exposedSentinel([sentinel], options, transport) === undefined && add.call(sentinelIterator, sentinel);
}

/** Throws for options by which a token would not be sent, or be seen. Turns TLS on. */
export function checkOptions(options: InstanceOptions, { transport, inCluster }: EntraSettings): void {
  const { username, password } = options;
  const areOurs = [username, password].every((value) => loginOf({ password: value }) !== undefined);
  if (!areOurs) throw otherCredentials(inCluster);
  turnOnTls(options, transport);
}
