import type { Socket } from 'node:net';
import { isLoopback } from '@entra-redis/token-manager';
import { plainText } from './errors.ts';
import type { InstanceOptions } from './internals.ts';

const { isIP } = process.getBuiltinModule('node:net');

export interface Transport {
  /** Send tokens in plain text to hosts other than loopback. */
  readonly allowPlainText: boolean;
  /** The names of startup nodes by address: what certificates are for where a cluster tells addresses only. */
  readonly names: Map<string, string>;
}

/** The `tls` options whose server name came from the host: `duplicate()` may take them to another one. */
const derived = new WeakSet<object>();

/** Turns TLS on, with a server name, unless the host is loopback. Throws ERR_PLAIN_TEXT where it was turned off. */
export function secure(options: InstanceOptions, transport: Transport): void {
  if (options.path) return;
  const { sentinels } = options;
  // ioredis' own default.
  const hosts = (sentinels ?? [options]).map(({ host = 'localhost' }) => host);
  const exposed = transport.allowPlainText ? undefined : hosts.find((host) => !isLoopback(host));
  if (options.tls === undefined && exposed !== undefined) {
    options.tls = {};
    if (sentinels) options.enableTLSForSentinelMode = true;
  }
  const encrypted = options.tls && (!sentinels || options.enableTLSForSentinelMode);
  if (exposed !== undefined && !encrypted) throw plainText(exposed);
  if (options.tls && !sentinels) options.tls = withServername(options.tls, options.host, transport);
}

/** ERR_PLAIN_TEXT for a socket by which a token would leave this machine: no option tells which master sentinels will name. */
export function exposure(socket: Socket, { allowPlainText }: Transport): Error | undefined {
  const { remoteAddress } = socket;
  // A Unix socket has no address.
  if (allowPlainText || 'encrypted' in socket || !remoteAddress || isLoopback(remoteAddress)) return undefined;
  return plainText(remoteAddress);
}

/** Node sends no server name by itself (SNI), and proxies need one. */
function withServername(tls: object | true, host: string | undefined, { names }: Transport): object {
  const { servername: own, ...rest }: { servername?: string } = tls === true ? {} : tls;
  if (own !== undefined && !derived.has(tls as object)) return tls as object;
  const [first] = names.values();
  const servername = host && isIP(host) ? (names.get(host) ?? first) : host;
  const completed = servername === undefined ? rest : { ...rest, servername };
  derived.add(completed);
  return completed;
}
