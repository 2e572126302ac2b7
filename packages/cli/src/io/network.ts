import { execFile } from 'node:child_process';
import { resolveCname } from 'node:dns/promises';
import { isIP, connect as connectTcp, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { promisify } from 'node:util';

/** Every error has a `code`: the system's, Node's, or ETIMEDOUT. */
export interface Network {
  /** As every client of this machine would resolve it. */
  lookup(host: string, timeoutMs: number): Promise<readonly string[]>;
  /** What DNS says that the name is an alias of; none where there is none, or nobody answers. */
  aliases(host: string, timeoutMs: number): Promise<readonly string[]>;
  connect(address: string, port: number, timeoutMs: number): Promise<Socket>;
  secure(socket: Socket, options: SecureOptions): Promise<Secured>;
}

export interface SecureOptions {
  readonly servername: string;
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
}

/** A finished TLS handshake. Unless `refusal` is undefined the certificate is not to be trusted: nothing may be sent. */
export interface Secured {
  readonly socket: tls.TLSSocket;
  readonly protocol: string;
  readonly certificate: Certificate | undefined;
  /** Node's code: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, … */
  readonly refusal: string | undefined;
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses, as in `DNS:*.example.net`. */
  readonly names: readonly string[];
  /** Epoch ms. */
  readonly validFrom: number;
  readonly validTo: number;
  matches(host: string): boolean;
}

export const systemNetwork: Network = {
  lookup,
  aliases: async (host, timeoutMs) => {
    const answer = resolveCname(host).catch(() => []);
    return await Promise.race([answer, elapsed(timeoutMs).then(() => [])]);
  },
  connect: (address, port, timeoutMs) => settle(connectTcp({ host: address, port }), 'connect', timeoutMs),
  secure,
};

const lookUp = `import('node:dns/promises')
  .then(({ lookup }) => lookup(process.argv[1], { all: true }))
  .then((found) => found.map(({ address }) => address), ({ code }) => ({ code }))
  .then((answer) => console.log(JSON.stringify(answer)));`;

/** In a process of its own, with the same options of Node.js, which can be ended: one that exits waits for its lookup in the system, up to a minute. */
async function lookup(host: string, timeoutMs: number): Promise<readonly string[]> {
  const asking = promisify(execFile)(process.execPath, [...process.execArgv, '--eval', lookUp, '--', host], {
    timeout: timeoutMs,
  });
  const { stdout } = await asking.catch((error: Error & { killed?: boolean }) => {
    throw error.killed === true ? timedOut() : error;
  });
  const answer = JSON.parse(stdout) as string[] | { code: string };
  if (!Array.isArray(answer)) throw Object.assign(new Error('lookup'), answer);
  return [...new Set(answer)];
}

const timedOut = (): Error => Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' });

async function elapsed(timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, timeoutMs).unref();
  });
}

async function secure(socket: Socket, { servername, ca, timeoutMs }: SecureOptions): Promise<Secured> {
  const encrypted = tls.connect({
    socket,
    host: servername,
    ...(isIP(servername) === 0 ? { servername } : {}),
    ...(ca === undefined ? {} : { ca: [...trustedAuthorities(), ca] }),
    minVersion: 'TLSv1.2',
    // Judged by Node all the same (`refusal`); the handshake goes on so that the report can describe the certificate.
    rejectUnauthorized: false,
  });
  await settle(encrypted, 'secureConnect', timeoutMs);
  const { authorized, authorizationError } = encrypted;
  const refusal = authorized
    ? undefined
    : String((authorizationError as { code?: unknown })?.code ?? authorizationError);
  return {
    socket: encrypted,
    protocol: encrypted.getProtocol() ?? 'unknown',
    certificate: describe(encrypted),
    refusal,
  };
}

/** What Node trusts by default: with NODE_EXTRA_CA_CERTS where this Node can tell (22.15, 24). */
function trustedAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function describe(socket: tls.TLSSocket): Certificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: certificate.subjectAltName?.split(', ') ?? [],
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    matches: (host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined,
  };
}

/** A distinguished name by its common name, else its organization. */
function oneLine(name: string | undefined): string {
  const parts = Object.fromEntries((name ?? '').split('\n').map((part) => part.split('=', 2)));
  return String(parts['CN'] ?? parts['O'] ?? name ?? '');
}

/** Resolves on the event; else destroys the socket and rejects with an error that has a `code`. */
async function settle<S extends Socket>(socket: S, event: string, timeoutMs: number): Promise<S> {
  return await new Promise<S>((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const closed = (): void => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    const timer = setTimeout(() => fail(timedOut()), timeoutMs);
    // Stays: a later error is reported by `close`.
    socket.on('error', fail);
    socket.once('close', closed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}

/** The code of a network error; of the first cause where Node tried several addresses. */
export function codeOf(error: unknown): string {
  const { code, errors, message } = (error ?? {}) as { code?: unknown; errors?: unknown[]; message?: unknown };
  if (typeof code === 'string') return code;
  return errors?.length ? codeOf(errors[0]) : String(message ?? error);
}
