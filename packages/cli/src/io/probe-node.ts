import { errorText } from '@entra-redis/emulator/resp';
import { isLoopback } from '@entra-redis/token-manager';
import type { ClusterNode } from './cluster-map.ts';
import { codeOf } from './network.ts';
import { NoReply, RespSession } from './resp-session.ts';
import { type Finding, needed, type Visit } from '../types.ts';
import { explainCertificate } from '../words/tls.ts';

/**
 * How far a connection to a node of the cluster got. `namesItself`: its certificate names the address that it announces. `untried`:
 * the token would travel in plain text to another machine.
 */
export type NodeProbe =
  | { readonly outcome: 'ok'; readonly namesItself: boolean }
  | { readonly outcome: 'untried' }
  | {
      readonly outcome: 'unreachable' | 'certificate' | 'refused';
      readonly why: string;
      readonly remedies?: Finding['remedies'];
    };

const wrongName = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** Connects to the node as a client would, logs in, and goes away. */
export async function probeNode(node: ClusterNode, visit: Visit): Promise<NodeProbe> {
  const { io, options, target } = visit;
  if (visit.encrypted !== true && !isLoopback(node.host)) return { outcome: 'untried' };
  const socket = await io.network.connect(node.host, node.port, options.timeoutMs).catch(codeOf);
  if (typeof socket === 'string') return { outcome: 'unreachable', why: socket };
  if (visit.encrypted !== true) return await logIn(new RespSession(socket, options.timeoutMs), visit, true);
  const secured = await io.network
    .secure(socket, { servername: target.servername, ca: options.ca, timeoutMs: options.timeoutMs })
    .catch(codeOf);
  if (typeof secured === 'string') return { outcome: 'unreachable', why: `${secured} in the TLS handshake` };
  const { certificate, refusal } = secured;
  const namesItself = certificate?.matches(node.host) === true;
  if (refusal === undefined || (refusal === wrongName && namesItself)) {
    return await logIn(new RespSession(secured.socket, options.timeoutMs), visit, namesItself);
  }
  secured.socket.destroy();
  if (refusal === wrongName)
    return { outcome: 'certificate', why: `${refusal}, it names ${certificate?.names.join(', ')}` };
  const { remedies } = explainCertificate(refusal, certificate, target, io.now());
  return { outcome: 'certificate', why: refusal, remedies };
}

async function logIn(session: RespSession, visit: Visit, namesItself: boolean): Promise<NodeProbe> {
  try {
    const reply = await session.send(
      'AUTH',
      needed(visit.username, 'user name'),
      needed(visit.answer, 'token').token.value,
    );
    const refused = errorText(reply);
    return refused === undefined ? { outcome: 'ok', namesItself } : { outcome: 'refused', why: refused };
  } catch (error) {
    if (error instanceof NoReply) return { outcome: 'unreachable', why: error.code };
    throw error;
  } finally {
    session.close();
  }
}
