/** What each group of metrics measures, in the order of the page. */
export const groups: Readonly<Record<string, string>> = {
  'hot-path':
    'GETs by one client, one after the other or 100 at a time, on a real `redis-server`. Of two runs on this machine, on 2026-11-26, `node-redis/sequential` had 0.986 and 0.969, the other three 0.984 to 1.005 and 0.999 to 1.023. The adapter for node-redis adds a function around each write, which looks at the first letter of the command. Rows in instructions count them with valgrind, of 40,000 GETs after 110,000 others, as the difference of two runs; code is compiled in the one thread, and node-redis has no command timeout there, because its timers depend on the clock. Without valgrind these rows are not measured again.',
  rotation:
    'Latency of 1,000 commands a second, each on another connection, from the time at which a command was due, while all connections get a new token. There are 1,000 connections on a real `redis-server`, or 10,000 on the fake cache; the server and each side run in processes of their own. With our defaults, a rotation takes 60 s, of which 4 s are measured, starting when the token arrives. The rotation of the peer is measured until its last AUTH is answered. Garbage is collected before each period: the young generation fills up about every ten seconds, and its collection takes 10 to 40 ms, which would be the worst latency of its period. With 10,000 connections the ratio to the quiet period depends on the run: two on 2026-11-26, two hours apart, had 1.03 and 1.22 with ioredis, 1.35 and 0.41 with node-redis, over quiet periods with a p99 of 3 and 7 ms, 12 and 25 ms. The reason was not traced.',
  memory:
    'Heap of 1,000 more connections, after 2,000 others, by which time what is made once is there. According to heap snapshots of 3,000 connections, what is added for each with ioredis is its registration (170 bytes with its place in a set), what it needs to log in (100), the connection (70), properties on its socket (20), and the address that Node.js keeps of a socket which is asked for it (90; not with TLS). With node-redis it is the registration and the places in two sets (210), the watch on what is written (150), the connection (140), what the client is given to unsubscribe by (50), properties on its socket (40), and the address (90). The client makes a listener for a provider (200), but needs none of what it makes for a static password (130). The second row of node-redis compares with a provider that gives a static password.',
  reauth: 'AUTHs on one connection.',
  'token-requests': 'Requests of a cluster of three masters, and of ten clients one after the other.',
  outage:
    'The identity provider answers 503 for two lifetimes of a token (2 s), starting before its renewal; there is an INCR every 10 ms. Client options are the defaults, except that reconnects are tried every 0.3 s and token requests every 0.5 s. When the server closes a connection, node-redis rejects the commands that have no answer, as on every disconnect; ioredis sends them again. There are five runs of each side, not nine, because one takes about 13 s; the figures are the sums of their failures.',
  subscriber:
    'A RESP2 subscriber behind the gate, in front of a real `redis-server`, while one token (3 s) is replaced and expires; 2,000 messages a second; with 20 ms added by a proxy that delays every byte.',
  import:
    'In addition to the client, which a user has loaded anyway. The figure of an adapter includes the token manager. According to a profile, an empty module takes 0.8 ms, each file 0.6 ms, resolving the name of the token manager 1 to 2 ms, and compiling 55 kB most of the rest; minified code would save half a millisecond.',
  evaluations:
    'A test runner evaluates a package again for each test file, and a server that reloads its code does so, too. The files of the package are loaded again, those of the client are not; five evaluations come before.',
  install:
    'The token manager and one adapter, into an empty folder, in addition to the client. Both are compared with `@redis/entraid`, which is for node-redis, because the recipe for ioredis is not a package. 85 kB of it are its own; the rest is `@azure/identity` and its dependencies. Our packages do not depend on `@azure/identity`, but most users install it. The JavaScript is not minified, so that you can read it and step through it; it is there twice, as ES modules and as CommonJS.',
  'token-manager': 'The manager alone.',
  fleet:
    'A simulation of 1,000,000 connections in 20,000 processes that started together, each with a real `TokenManager`; [what it shows](fleet.md). In `fleet/restart/*` the cache is restarted. Ours reconnects with a strategy that a user sets, `() => Math.random() * 30_000`, the peer with that of ioredis 6: the handshakes compare these two strategies, not our code.',
  emulator: 'GETs by ioredis, 100 at a time.',
};

export const groupOf = ({ name }: { readonly name: string }): string => name.slice(0, name.indexOf('/'));
