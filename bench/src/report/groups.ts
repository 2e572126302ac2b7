/** What each group of metrics measures, in the order of the page. */
export const groups: Readonly<Record<string, string>> = {
  'hot-path':
    'GETs by one client, one after the other or 100 at a time, on a real `redis-server`. Of two runs on this machine, on 2026-11-26, `node-redis/sequential` had 0.986 and 0.969, the other three 0.984 to 1.005 and 0.999 to 1.023. What the adapter for node-redis adds to the write of a GET is a function around it, in which one length is compared and three fields are read; how much of the difference that is has not been traced.',
  rotation:
    'Latency of 1,000 commands a second, each on another connection, from the instant at which a command was due, while all connections get a new token; 1,000 connections on a real `redis-server`, 10,000 on the fake cache, server and each side in processes of their own. Ours has its defaults, by which a rotation takes 60 s: 4 s of it are measured, from the arrival of the token on; of the peer all, until its last AUTH is answered. Garbage is collected before each period: the young generation fills up once in about ten seconds, and its collection, of 10 to 40 ms, would be the worst of whichever period it falls into. With 10,000 connections the ratio to the quiet period depends on the run: two on 2026-11-26, two hours apart, had 1.03 and 1.22 with ioredis, 1.35 and 0.41 with node-redis, over quiet periods with a p99 of 3 and 7 ms, 12 and 25 ms. Why has not been traced.',
  memory:
    'Heap of 500 more connections. Of what node-redis takes more, by its heap snapshots, about 260 bytes are its own (the listener that it makes for a provider), 360 are the connection, its registration and the watch on its socket, which nothing in node-redis replaces (it tells nobody what it writes, nor that a connection is gone), and the rest closures and longer lists of listeners.',
  reauth: 'AUTHs on one connection.',
  'token-requests': 'Requests of a cluster of three masters, and of ten clients one after the other.',
  outage:
    'The identity provider answers 503 for two lives of a token (2 s), from before its renewal on; an INCR every 10 ms. Client options are the defaults, but that reconnects are tried every 0.3 s and token requests every 0.5 s. What node-redis has written and has no answer to when the server cuts the connection, it rejects, as at every cut; ioredis sends it again. There are five runs of each side, not nine, because one takes some 13 s; their failures are added up, so that no median is taken.',
  subscriber:
    'A RESP2 subscriber behind the gate, in front of a real `redis-server`, while one token (3 s) is replaced and expires; 2,000 messages a second; with 20 ms added by a proxy that delays every byte.',
  import:
    "Beside the client, which a user has loaded anyway. An adapter's figure includes the token manager. Profiled: of it an empty module takes 0.8 ms, each file 0.6 ms, the resolution of the token manager's name 1 to 2 ms, and compiling 55 kB most of the rest; minified it would be half a millisecond less.",
  install:
    'The token manager and one adapter, into an empty folder, beside the client. `@redis/entraid`, which is for node-redis, stands beside both, because the recipe for ioredis is no package. Of it 85 kB are its own, and the rest `@azure/identity` and what that needs, on which ours does not depend, but which its user may have besides. The JavaScript is not minified, so that it can be read and stepped through where it runs; it is there twice, as ES modules and as CommonJS.',
  'token-manager': 'The manager alone.',
  fleet:
    'A simulation of 1,000,000 connections in 20,000 processes that started together, each with a real `TokenManager`; [what it shows](fleet.md). In `fleet/restart/*` the cache is restarted, and ours comes back by a strategy that a user sets, `() => Math.random() * 30_000`, the peer by that of ioredis 6: the handshakes compare these two strategies, and nothing of our code.',
  emulator: 'GETs by ioredis, 100 at a time.',
};

export const groupOf = ({ name }: { readonly name: string }): string => name.slice(0, name.indexOf('/'));
