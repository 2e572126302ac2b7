import { Redis } from 'ioredis';
import { hookCopy, runningCopy } from './copies.ts';
import { otherCredentials } from './errors.ts';
import type { Connector, ConnectorConstructor, InstanceOptions, RedisClass } from './internals.ts';
import { adoptionOf } from './placeholder.ts';
import { secure, type Transport } from './tls.ts';
import { refuseUnadopted } from './token-wait.ts';

/**
 * For the `Connector` option, which ioredis constructs in the constructor of every instance that our options reach: the
 * place to find its copy of ioredis before it connects, and to check the final options. Gives the connector that ioredis
 * would have used by itself.
 */
export function connectorFor(transport: Transport, inCluster: boolean, own: unknown): ConnectorConstructor {
  function EntraConnector(options: InstanceOptions): Connector {
    const problem = check(options, transport, inCluster);
    // An error thrown while a cluster makes a node would be swallowed: there it is what connecting rejects with.
    if (problem && !inCluster) throw problem;
    const copy = runningCopy();
    if (copy) hookCopy(copy);
    const connector = ioredisConnector(copy ?? (Redis as unknown as RedisClass), options, own);
    if (problem) connector.connect = () => Promise.reject(problem);
    else refuseUnadopted(connector);
    return connector;
  }
  return EntraConnector as unknown as ConnectorConstructor;
}

function check(options: InstanceOptions, transport: Transport, inCluster: boolean): Error | undefined {
  try {
    if (![options.username, options.password].every(adoptionOf)) throw otherCredentials(inCluster);
    secure(options, transport);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Standalone, sentinel or the user's: asked from ioredis by constructing an instance that never connects. */
function ioredisConnector(copy: RedisClass, options: InstanceOptions, own: unknown): Connector {
  return new copy({ ...options, Connector: own, lazyConnect: true, scripts: undefined, himportFieldsets: undefined })
    .connector;
}
