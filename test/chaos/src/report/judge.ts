import { upstreamReason } from '../judge/upstream.ts';

/** Known defects of clients, which they show with a static password too, and what the judge or the application does about each. */
const defects = [
  `node-redis, in a cluster: ${upstreamReason}. Commands that have not settled after the end of the round, and the open sockets and timers that come with them, are shown apart and are no violation.`,
  'node-redis: `close()` and `quit()` wait for what is under way, forever where the connection is lost then. The application closes in its other ways.',
  'ioredis, in a cluster: it calls `disconnect()` of its former subscriber again whenever its nodes change, and each call adds a listener. Its `MaxListenersExceededWarning` is no violation.',
  'ioredis, in a cluster: it does not look for the nodes again where a script of BullMQ meets a replica. BullMQ does not run there.',
  'ioredis: `disconnect()` while it waits to connect again never settles the commands that wait with it. The races of connections wait for it before they close.',
  'node-redis: a reconnect rejects a blocking command that was sent. In calms its blocks take 0.3 s at most.',
  'redis 4 and ioredis 5 have defects of their own that chaos meets now and then: see [the decision](../decisions/0006-chaos.md). They are not in the tables.',
];

/** What nobody is blamed for, and which is no defect. */
const excuses = [
  "A message does not count as lost within 0.3 s of a disturbance: servers that are paused, stopped, exchanged or lose a slot, the application paused, its clock set (1 s), its user changing host and port (1 s); within 1.3 s of a fault on the subscriber's connection; or if that connection was closed or not subscribed from 0.3 s before PUBLISH to 0.3 s after its answer.",
  'Behind sentinels, where publisher and subscriber are connected to different servers: a subscriber stays with a master that was replaced.',
  'Where the client closed the connection by itself, a loss is a violation only if nothing went wrong in the 6 s before.',
  "A connection whose AUTH is never answered may be closed at expiry where something else made everybody late meanwhile: a disturbance as above, or a process that stood still for a tenth of a token's life; where that AUTH went out within the last tenth of it; or where its token came while the credential overstated its expiry or the clock was set. A token says in whole seconds when it was issued, and by a clock that is behind nobody knows its expiry better than that. One whose first login is never answered is closed by the run at the end of the storm: a login is the client's own, and so is its time limit.",
  'For the same reason, a RESP2 subscriber of node-redis in a cluster or behind sentinels may be closed at expiry in a calm of these kinds: it takes no AUTH, and reconnects a tenth of a lifetime before the expiry, which is less than that second.',
  'A connection that was logged in as another identity may send AUTH with the token from before, to become who it was again.',
  'A connection that opens within 3 s of a change of host and port may go to either address.',
  "A calm in which something failed, while the application or the run stood still for a tenth of a token's life (a fiftieth with a Retry-After of a day or an identity that switches), is repeated, three times at most; the table says how often. So does the conformance suite.",
  'A Retry-After of a day comes in calms alone, while there is a current token: without one it is respected for ten minutes, which is longer than a round.',
  'Clients themselves are searched for tokens by `inspect` on standalone servers alone: of a cluster that takes longer than a token lives.',
];

const changes = [
  '2026-11-26, after a half-hour run: a jump of the clock counts as a disturbance of one second. A subscriber that cannot log in in place reconnects then.',
  '2026-11-26, after a half-hour run: behind sentinels nobody is blamed where the publisher is connected to another server. At first any publisher counted, then that of this subscriber alone.',
  '2026-11-26, after a half-hour run: BullMQ is left out in clusters.',
  '2026-11-30, after an audit: the subscriber of an ioredis cluster adds to its name, and the judge compared names as a whole, so that it excused every loss of that pair. Now it knows that name. Faults on connections to other nodes, which never subscribed, excuse nothing any more.',
  '2026-11-30, before the rounds below: tokens live for 5 to 7 s, and are renewed at 0.6 of that; they lived for 3 to 5 s. A managed identity states whole seconds, which is up to a fifth of such a life.',
  '2026-11-30, after 20 minutes of a run with these faults: a token that came while the credential overstated its expiry, or while the clock was set, may be believed for a second too long. Three connections of three rounds, whose AUTH was never answered, were closed for that, of both clients. Before, the judge did not excuse it.',
  '2026-11-30, after 20 minutes of a second run: RESP2 subscribers of node-redis in a cluster were closed at expiry in two such calms, and the judge did not excuse it. That run also found an AUTH too many after another identity was refused (see [the decision](../decisions/0006-chaos.md)). The adapter is mended. And where the server refused two identities in turn, connections became who they were again, by an AUTH with the token from before, which the judge took for one too many. Rounds that broke were run again.',
  '2026-11-30, after the first of two rounds of node-redis, with TLS and on nodes with certificates of their own, of which the second are below: at a load average of 30 to 37, every connection was closed at expiry in one calm, with a Retry-After of a day or an identity that switches. The adapter has little time then: half a second for a request and the AUTHs, or one second for three requests. The wire of the first shows gaps of 60 to 90 ms where the application writes every 15 ms. The cause is not proven. Such calms are now repeated if a process stood still for a fiftieth of a lifetime. And an AUTH that goes out within the last tenth of a lifetime and gets no answer is no violation any more.',
];

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

export const judgeSection: string = `## What the judge goes around

Known defects of clients, which they show with a static password and a bare server, too:
${list(defects)}

What nobody is blamed for:
${list(excuses)}

Where the judge or the application was changed after a run:
${list(changes)}`;
