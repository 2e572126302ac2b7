import { BlockList, isIP } from 'node:net';

const inside = new BlockList();
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addSubnet('100.64.0.0', 10, 'ipv4');
inside.addSubnet('fc00::', 7, 'ipv6');

/** An address of a private network (RFC 1918, 4193, 6598): on Azure that of a private endpoint or of a virtual network. */
export function isPrivate(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && inside.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** `host:port`, with the brackets that IPv6 needs. */
export const at = (host: string, port: number): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
