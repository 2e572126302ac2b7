import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Whether a server that listens there listens on every address of the machine. */
export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** `host:port`, as in URLs. */
export const addressOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;

/** The names and addresses by which a server that listens on `host` can be reached: what its certificate must name. */
export function certificateNames(host: string): readonly string[] {
  const here = ['localhost', '127.0.0.1', '::1'];
  if (!isWildcard(host)) return [...new Set([...here, host])];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [...new Set([...here, hostname(), ...addresses.map(({ address }) => address)])];
}
