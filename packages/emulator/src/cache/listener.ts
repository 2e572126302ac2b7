import { createRedisServer, listen, plainTextRefusal } from '../listen.ts';
import type { MaintainedConnection } from '../policy/maintenance.ts';
import type { CacheFault, ConnectionState, Endpoint } from '../types.ts';
import { Connection } from './connection.ts';
import type { CacheNode, Session } from './model.ts';

/** A node that listens. */
export interface ListeningNode {
  readonly node: CacheNode;
  readonly endpoint: Endpoint;
}

/** Opens the port of a node (0: a free one). Rejects when it is taken. */
export async function listenAs(node: CacheNode, port: number): Promise<ListeningNode> {
  const { tls, host } = node.context;
  const server = createRedisServer({
    tls,
    accept: (socket) => void new Connection(node, socket),
    onPlainText: () => node.record(0, { event: 'refused', text: plainTextRefusal }),
  });
  const listening = await listen(server, { host, port });
  node.port = listening.port;
  return { node, endpoint: endpointOf(node, () => listening.close()) };
}

function endpointOf(node: CacheNode, close: () => Promise<void>): Endpoint {
  return {
    host: node.host,
    port: node.port,
    tls: node.context.tls,
    timeline: node.context.timeline,
    get connections(): readonly ConnectionState[] {
      return [...node.sessions.values()].map(stateOf);
    },
    fault: (fault: CacheFault) => node.faults.fault(fault),
    heal: () => node.faults.heal(),
    cut(ids) {
      for (const session of node.sessionsOf(ids)) session.output.close('cut');
    },
    maintain: (event, ids) => node.context.announcer.announce(event, node.sessionsOf(ids).map(maintained)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A session as maintenance sees it. */
export function maintained({ node, resp, maintenance, output }: Session): MaintainedConnection {
  const { host, port } = node;
  return {
    host,
    port,
    wants: resp === 3 ? maintenance : undefined,
    send: (reply) => output.send(reply),
    close: (reason) => output.close(reason),
  };
}

function stateOf(session: Session): ConnectionState {
  const { id, name, login, subscriber } = session;
  return { id, name, username: login.current?.username, expiresAt: login.current?.expiresAt, subscriber };
}
