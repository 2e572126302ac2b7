import type { EntraSettings } from './connector.ts';
import type { Connector, Instance } from './client-internals.ts';

/** What an instance that logs in with tokens has of ours. One object and shared functions: a closure costs each of thousands for what it holds. */
export interface Adoption {
  readonly instance: Instance;
  readonly settings: EntraSettings;
  /** What the connector had before ours, and the instance. */
  readonly connect: Connector['connect'];
  readonly disconnect: Connector['disconnect'];
  sendCommand: Instance['sendCommand'];
  /** Ends the wait for a token that is under way. */
  stop: AbortController | undefined;
}

/** On its connector: an instance has no room left, and would be given more than this takes. */
export const adoptionKey: unique symbol = Symbol('adoption') as never;

export interface AdoptedConnector extends Connector {
  readonly [adoptionKey]: Adoption;
}
export interface AdoptedInstance extends Instance {
  connector: AdoptedConnector;
}

export const isAdopted = (instance: Instance): instance is AdoptedInstance =>
  Object.hasOwn(instance.connector, adoptionKey);

/** Nodes of clusters: what waits for one that is closed, its cluster sends again. */
export const nodesOfClusters: WeakSet<object> = new WeakSet();
