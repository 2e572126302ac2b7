import { errorText } from '@entra-redis/emulator/resp';
import { isLoopback } from '@entra-redis/token-manager';
import { instant, ok, spell, warning } from '../finding.ts';
import { codeOf, type Secured } from '../io/network.ts';
import { NoReply, RespSession } from '../io/resp-session.ts';
import { type Finding, needed, type Step, type Visit } from '../types.ts';
import {
  certificateDetails,
  explainCertificate,
  explainHandshake,
  explainPlainElsewhere,
  explainPlainServer,
} from '../words/tls.ts';

export const tls: Step = { id: 'tls', title: 'TLS', exitCode: 12, run };

const soonMs = 14 * 86_400_000;

async function run(visit: Visit): Promise<Finding> {
  const { target, options, io } = visit;
  const socket = needed(visit.socket, 'connection');
  // A name of this machine may lead elsewhere; the token must not.
  const here = isLoopback(needed(visit.address, 'address'));
  if (target.transport === 'plain text') {
    if (!here) return explainPlainElsewhere(target, visit.address);
    visit.session = new RespSession(socket, options.timeoutMs);
    return ok('Plain text, as requested: on this machine only.', { details: { encrypted: false } });
  }
  if (target.transport === 'either' && here) {
    // First: a Redis may let a TLS handshake wait forever, while a TLS server closes at once on plain text.
    const plain = await plainSession(visit);
    if (plain !== undefined) return usePlain(plain, visit);
  }
  const secured = await io.network
    .secure(socket, { servername: target.servername, ca: options.ca, timeoutMs: options.timeoutMs })
    .catch((error: unknown) => codeOf(error));
  if (typeof secured === 'string') return await withoutTls(visit, secured);
  visit.socket = secured.socket;
  if (secured.refusal !== undefined) {
    secured.socket.destroy();
    return explainCertificate(secured.refusal, secured.certificate, target, io.now());
  }
  visit.encrypted = true;
  visit.session = new RespSession(secured.socket, options.timeoutMs);
  return describe(secured, target.servername, io.now());
}

function describe(secured: Secured, servername: string, now: number): Finding {
  const { certificate, protocol } = secured;
  if (certificate === undefined) return ok(`${protocol}.`, { details: { encrypted: true, protocol } });
  const left = certificate.validTo - now;
  const details = { encrypted: true, protocol, ...certificateDetails(certificate) };
  const found = `${protocol}; the certificate is for ${servername}, and valid until ${instant(certificate.validTo)} (${spell(left)}).`;
  const lines = [`Issued by ${certificate.issuer}.`];
  return left < soonMs && left < (certificate.validTo - certificate.validFrom) / 3
    ? warning('tls-expires-soon', found, {
        details,
        lines,
        remedies: [{ text: 'The operator of this server must renew its certificate; Azure does that automatically.' }],
      })
    : ok(found, { details, lines });
}

function usePlain(session: RespSession, visit: Visit): Finding {
  visit.socket?.destroy();
  visit.session = session;
  return ok('The server uses no TLS, which is acceptable on this machine.', { details: { encrypted: false } });
}

/** The handshake failed: is it because the server speaks Redis in plain text? */
async function withoutTls(visit: Visit, code: string): Promise<Finding> {
  const session = await plainSession(visit);
  if (session === undefined) return explainHandshake(code, visit.target, visit.options);
  session.close();
  return explainPlainServer(visit.target);
}

/** A connection on which a server answered PING, even by an error, in plain text. Nothing secret is sent. */
async function plainSession({ io, address, target, options }: Visit): Promise<RespSession | undefined> {
  const socket = await io.network
    .connect(needed(address, 'address'), target.port, options.timeoutMs)
    .catch(() => undefined);
  if (socket === undefined) return undefined;
  const session = new RespSession(socket, options.timeoutMs);
  try {
    // The emulator tells a client that does not speak TLS to do so.
    if (errorText(await session.send('PING'))?.startsWith('ERR this port speaks TLS') !== true) return session;
    session.close();
    return undefined;
  } catch (error) {
    session.close();
    if (error instanceof NoReply) return undefined;
    throw error;
  }
}
