/** IPv4 also as an IPv6 socket shows it, IPv6 also as a URL does. */
const loopback = /^(?:(?:::ffff:)?127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[?::1\]?|localhost)$/i;

/**
 * For adapters: whether a host is this machine itself, where plain text is seen by nobody. What only looks like it is not: a resolver
 * may find `app.localhost` or `127.0.0.256` elsewhere. Source: RFC 5735, RFC 4291, RFC 6761.
 */
export const isLoopback = (host: string): boolean => loopback.test(host);
