import type { Socket } from 'node:net';
import { createRedisServer, listen, type Listening, plainTextRefusal } from '../listen.ts';
import { createAuthPolicy } from '../policy/auth-policy.ts';
import { checkCommonOptions, checkInteger } from '../policy/check-options.ts';
import { FaultList } from '../policy/faults.ts';
import { Announcer } from '../policy/maintenance.ts';
import { recorderFrom } from '../timeline/timeline.ts';
import type { Gate, GateOptions } from '../types.ts';
import { GateConnection } from './connection.ts';
import { type ConnectionOfGate, type GateContext, record } from './context.ts';
import { readerRulesFrom } from './reader-rules.ts';
import { checkUpstream, openUpstream } from './upstream.ts';

/**
 * Token authentication in front of a real Redis or Valkey: verifies every AUTH and HELLO as `startCache` does, cuts a connection when
 * its token expires, and forwards everything else byte for byte. An upstream whose `default` user has a password needs `upstream.password`. Rejects on
 * options that make no sense, when the port is taken, and when there is no such upstream.
 */
export async function startGate(options: GateOptions): Promise<Gate> {
  checkGateOptions(options);
  const commands = await checkUpstream(options.upstream, options.accessPolicies !== undefined);
  const context: GateContext = {
    policy: createAuthPolicy({ verifier: options.verifier, accessPolicies: options.accessPolicies }),
    upstream: options.upstream,
    timeline: recorderFrom(options.timeline),
    recordCommands: options.record !== 'logins',
    node: options.name,
    readerRules: readerRulesFrom(commands),
    rewrite: options.rewriteAddress,
    open: options.open ?? false,
    maintenanceNotifications: options.maintenanceNotifications ?? false,
    announcer: new Announcer(),
    faults: faultsFrom(options.faults),
    connections: new Set(),
  };
  const upstreams = new Set<Socket>();
  const server = createRedisServer({
    tls: options.tls,
    allowHalfOpen: true,
    accept: (client) => void connect(context, client, upstreams),
    onPlainText: () => record(context, 0, { event: 'refused', text: plainTextRefusal }),
  });
  const host = options.host ?? '127.0.0.1';
  const listening = await listen(server, { host, port: options.port ?? 0 });
  return gateOf(listening, context, upstreams, { host, tls: options.tls });
}

function faultsFrom(faults: GateOptions['faults']): FaultList {
  if (faults === undefined) return new FaultList();
  if ('take' in faults) return faults as FaultList;
  throw new TypeError('options.faults must come from createFaults()');
}

/** The client waits, unread, until the upstream has told the connection's number. */
async function connect(context: GateContext, client: Socket, upstreams: Set<Socket>): Promise<void> {
  client.on('error', () => undefined);
  try {
    const upstream = await openUpstream(context.upstream, (socket) => {
      upstreams.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => upstreams.delete(socket));
      client.once('close', () => socket.destroy());
    });
    if (client.destroyed) return;
    void new GateConnection(context, client, upstream);
  } catch (error) {
    client.destroy();
    record(context, 0, { event: 'close', text: error instanceof Error ? error.message : 'the upstream failed' });
  }
}

function gateOf(
  listening: Listening,
  context: GateContext,
  upstreams: ReadonlySet<Socket>,
  own: Pick<Gate, 'host' | 'tls'>,
): Gate {
  const { announcer, connections, faults, timeline } = context;
  const { port } = listening;
  const select = (ids?: readonly number[]): ConnectionOfGate[] =>
    [...connections].filter(({ id }) => ids === undefined || ids.includes(id));
  const close = async (): Promise<void> => {
    for (const connection of connections) connection.close('gate closed');
    const ended = [...upstreams].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of upstreams) socket.destroy();
    await Promise.all([listening.close(), ...ended]);
  };
  return {
    ...own,
    port,
    timeline,
    get connections() {
      return [...connections].map(({ state }) => state);
    },
    fault: (fault) => faults.fault(fault),
    heal: () => faults.heal(),
    cut(ids) {
      for (const connection of select(ids)) connection.close('cut');
    },
    maintain: (event, ids) =>
      announcer.announce(
        event,
        select(ids).map((connection) => connection.maintained({ host: own.host, port })),
      ),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What only the fake can do, and what to do in front of a real server. */
const ofTheFake: Readonly<Record<string, string>> = {
  cluster: 'start a gate for each node, with rewriteAddress',
  sentinel: 'start a gate for each server and sentinel, with rewriteAddress',
  resp: 'the server decides which versions of RESP it speaks',
  denied: 'give the user of the gate fewer rights, with ACL SETUSER',
};

/** Throws on the first option that makes no sense, naming it and its value. */
function checkGateOptions(options: GateOptions): void {
  for (const [name, instead] of Object.entries(ofTheFake)) {
    if (name in options) throw new TypeError(`options.${name} is an option of startCache only: ${instead}`);
  }
  checkCommonOptions(options);
  const { upstream } = options;
  if (typeof upstream?.host !== 'string' || upstream.host === '') {
    throw new TypeError(`options.upstream.host must be the host name of a Redis: ${JSON.stringify(upstream?.host)}`);
  }
  checkInteger('upstream.port', upstream.port ?? Number.NaN, 1, 65_535);
  if (upstream.username !== undefined && upstream.password === undefined) {
    throw new TypeError('options.upstream.username needs options.upstream.password beside it');
  }
  if (options.rewriteAddress !== undefined && typeof options.rewriteAddress !== 'function') {
    throw new TypeError(`options.rewriteAddress must be a function: ${typeof options.rewriteAddress}`);
  }
}
