// Loaded before a program of the documentation: every connection to a host that is not this machine goes to the cache of the test
// (SNIPPET_CACHE_PORT) instead. The program, its host names and its TLS stay as the page shows them.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';

const cachePort = Number(process.env['SNIPPET_CACHE_PORT']);
/** Where the pages say that a cache is. Any other port is that of a cluster's node, as it announced it. */
const usualPorts = new Set([10_000, 6380, 6379]);
const thisMachine = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

type Connect = (this: Socket, ...args: unknown[]) => Socket;
interface Destination {
  host?: string;
  port?: number | string;
  path?: string;
}

const prototype = Socket.prototype as unknown as { connect: Connect };
const connect = prototype.connect;
prototype.connect = function (first, ...rest) {
  // net.connect() hands over its arguments already put in order, as an array that is marked by a symbol.
  const destination = (Array.isArray(first) ? first[0] : first) as Destination;
  const { host } = destination;
  if (typeof host === 'string' && !thisMachine.test(host)) {
    if (!(cachePort > 0)) throw new Error(`${host} is not this machine, and the program has no cache`);
    const port = usualPorts.has(Number(destination.port)) ? cachePort : destination.port;
    const redirected = { ...destination, host: '127.0.0.1', port };
    if (Array.isArray(first)) first[0] = redirected;
    else return connect.call(this, redirected, ...rest);
  }
  return connect.call(this, first, ...rest);
};

/** Names of Azure have an address that leads nowhere (RFC 5737), but through `connect` above. */
const address = { address: '192.0.2.1', family: 4 };
const isAzure = (host: string): boolean => isIP(host) === 0 && !thisMachine.test(host);

type Callback = (error: null, address: unknown, family?: number) => void;
const { lookup } = dns;
const { lookup: lookupPromise } = dns.promises;
Object.assign(dns, {
  lookup(host: string, ...rest: [object, Callback] | [Callback]): void {
    if (!isAzure(host)) return void Reflect.apply(lookup, dns, [host, ...rest]);
    const callback = rest.at(-1) as Callback;
    const { all } = rest[0] as { all?: boolean };
    process.nextTick(() => (all ? callback(null, [address]) : callback(null, address.address, address.family)));
  },
});
Object.assign(dns.promises, {
  async lookup(host: string, options: { all?: boolean } = {}): Promise<unknown> {
    if (!isAzure(host)) return await Reflect.apply(lookupPromise, dns.promises, [host, options]);
    return options.all ? [address] : address;
  },
});
syncBuiltinESMExports();
