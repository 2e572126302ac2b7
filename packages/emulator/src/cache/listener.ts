import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
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
export async function listen(node: CacheNode, port: number): Promise<ListeningNode> {
  const { tls, host } = node.context;
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    void new Connection(node, socket);
  };
  const server: Server =
    tls === undefined ? createServer(accept) : createTlsServer({ key: tls.key, cert: tls.cert }, accept);
  // Handshakes that never end belong to nobody else.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address !== null && typeof address === 'object') node.port = address.port;
  return { node, endpoint: endpointOf(node, server, sockets) };
}

function endpointOf(node: CacheNode, server: Server, sockets: ReadonlySet<Socket>): Endpoint {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return closing;
  };
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
