import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { type AdapterOptions, isLoopback } from '@entra-redis/token-manager';
import { plainText, plainTextSentinel } from './errors.ts';
import type { InstanceOptions } from './client/client-internals.ts';

const { isIP } = process.getBuiltinModule('node:net');

export type Transport = Readonly<Required<AdapterOptions>>;

/** The name of a cluster by which one of its addresses was found, where there is one. */
type NameOf = (address: string) => string | undefined;

interface TlsOptions {
  readonly servername?: string;
  readonly checkServerIdentity?: unknown;
}

/** The `tls` options that we made: of which, and in which cluster. `duplicate()` may take them to another host. */
const completedTls = new WeakMap<object, { readonly own: TlsOptions; readonly nameOf: NameOf | undefined }>();

/** Turns TLS on, with a server name, unless the host is loopback. Throws ERR_PLAIN_TEXT where it was turned off. */
export function turnOnTls(options: InstanceOptions, transport: Transport, nameOf?: NameOf): void {
  if (options.path) return;
  const sentinels = sentinelsOf(options);
  if (sentinels !== undefined) return turnOnSentinelTls(options, sentinels, transport);
  // ioredis' own default.
  const { host = 'localhost' } = options;
  const exposed = !transport.allowPlainText && !isLoopback(host);
  if (options.tls === undefined && exposed) options.tls = {};
  const { tls } = options;
  if (typeof tls === 'object' && tls !== null) options.tls = withServername(tls, options.host, nameOf);
  else if (tls === true) options.tls = withServername({}, options.host, nameOf);
  else if (exposed) throw plainText(host);
}

/** Their answer names the server that the token goes to, so it must be as private as the token. */
function turnOnSentinelTls(options: InstanceOptions, sentinels: readonly Sentinel[], transport: Transport): void {
  const { allowPlainText } = transport;
  const exposed = allowPlainText ? undefined : sentinels.find(({ host }) => !isLoopback(host ?? 'localhost'))?.host;
  if (exposed === undefined) return;
  if (options.tls === undefined) {
    options.tls = {};
    options.enableTLSForSentinelMode = true;
  }
  if (!isOn(options.tls) || !options.enableTLSForSentinelMode) throw plainText(exposed);
  if (options.sentinelTLS === undefined) options.sentinelTLS = {};
  const asked = exposedSentinel(sentinels, options, transport);
  if (asked !== undefined) throw plainTextSentinel(asked);
}

interface Sentinel {
  readonly host?: string;
}

/** Undefined where none are asked. */
export const sentinelsOf = ({ sentinels }: InstanceOptions): readonly Sentinel[] | undefined => sentinels ?? undefined;

const isOn = (tls: InstanceOptions['tls']): boolean => (typeof tls === 'object' ? tls !== null : tls === true);

/** The first sentinel that would be asked in plain text, outside of this machine. */
export function exposedSentinel(
  sentinels: readonly Sentinel[],
  { sentinelTLS }: InstanceOptions,
  { allowPlainText }: Transport,
): string | undefined {
  if (isOn(sentinelTLS) || allowPlainText) return undefined;
  return sentinels.map(({ host = 'localhost' }) => host).find((host) => !isLoopback(host));
}

/** ERR_PLAIN_TEXT for a socket by which a token would leave this machine: no option says which master sentinels will name. */
export function plainTextOver(socket: Socket, { allowPlainText }: Transport): Error | undefined {
  const { remoteAddress } = socket;
  // A Unix socket has no address.
  if (allowPlainText || 'encrypted' in socket || !remoteAddress || isLoopback(remoteAddress)) return undefined;
  return plainText(remoteAddress);
}

/** Node sends no server name by itself (SNI), and proxies need one. */
function withServername(tls: object, host: string | undefined, nameOf: NameOf | undefined): object {
  const known = completedTls.get(tls);
  const own: TlsOptions = known?.own ?? tls;
  if (own.servername !== undefined) return tls;
  const cluster = nameOf ?? known?.nameOf;
  const address = host !== undefined && isIP(host) ? host : undefined;
  const servername = address === undefined ? host : cluster?.(address);
  const completed = {
    ...own,
    ...(servername === undefined ? {} : { servername }),
    ...(address === undefined || servername === undefined ? {} : checkOf(own, servername, address)),
  };
  completedTls.set(completed, { own, nameOf: cluster });
  return completed;
}

/** A node that a cluster knows by its address has a certificate of its own for it, or one for the name of the cluster. */
function checkOf(own: TlsOptions, name: string, address: string): TlsOptions {
  if (own.checkServerIdentity !== undefined) return {};
  const { checkServerIdentity: check } = process.getBuiltinModule('node:tls');
  return {
    checkServerIdentity(_host: string, certificate: PeerCertificate): Error | undefined {
      const problem = check(name, certificate);
      return check(address, certificate) === undefined ? undefined : problem;
    },
  };
}
