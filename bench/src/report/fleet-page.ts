import type { Measured, Results } from '../figures/types.ts';
import { seriesFile } from './charts.ts';

const even = { auths: 1_000_000 / 2520, requests: 20_000 / 2520 };

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const times = (value: number): string => `${value >= 100 ? count(value) : Number(value.toPrecision(3))} times`;

interface Figures {
  /** One row of a table: what, ours, the peer's. */
  readonly row: (what: string, name: string) => string;
  readonly picture: (name: string) => string;
  /** AUTHs in the worst second. */
  readonly auths: (name: string) => string;
}

function figuresOf({ metrics }: Results): Figures {
  const found = new Map(metrics.map((metric) => [metric.name, metric]));
  const of = (name: string): Measured => {
    const metric = found.get(`fleet/${name}`);
    if (metric === undefined) throw new Error(`fleet.md needs fleet/${name}: measure "fleet/*"`);
    return metric;
  };
  return {
    row(what, name) {
      const { ours, peer } = of(name);
      return `| ${what} | ${times(ours)} | ${times(peer)} |`;
    },
    picture: (name) => `![${name}](bench/${seriesFile(of(name))})`,
    auths: (name) => count(of(name).ours * even.auths),
  };
}

const intro = (): string => `# A fleet of a million connections

\`npm run bench -- --only "fleet/*" --docs docs/reports\` writes this page; its figures are from [bench/results.json](bench/results.json).

How many AUTHs does a cache get from 1,000,000 connections in 20,000 processes? This page simulates it on a virtual clock. Every process is a real
\`TokenManager\`, with its schedule and its window of re-AUTHs, and 50 registered connections. The identity provider is simulated
(it answers at once), and so are the cache (it accepts every AUTH at once, and closes a connection when its token expires) and the reconnects of
the clients. Timers have a resolution of 10 ms. There is one seed, so every run is the same.

`;

const evenSpread = (): string => `## The even spread
A process renews its token after 0.7 of its lifetime, ${count(2520)} s of an hour. If the fleet were spread evenly over that period, a cache would see
1,000,000 / ${count(2520)} = ${count(even.auths)} AUTHs a second, and Entra 20,000 / ${count(2520)} = ${even.requests.toFixed(1)} token requests a second. That is the even spread, the
unit in the tables below. AUTHs are counted per second, and the worst second represents the run; token requests, which are few, are counted per
minute. The first minute, in which the deployment itself connects, is left out.

`;

const deployment = ({ row, picture, auths }: Figures): string => `## A deployment: all start in the same second
A renewal comes earlier than 0.7 of the lifetime by up to a twentieth of it (3 minutes of an hour). That alone is too little, because processes that
started together would renew together for days. So the first renewal after a start comes at a random time between 0.1 and 0.7 of the lifetime, and past the
cache of MSAL, so that it returns another token; from then on, the fleet is spread. The same applies after failed requests, because processes that
waited together for the identity provider would renew together afterwards. It costs one more token request for each start, and no login waits for it.

| | ours | no jitter, AUTH at once |
|---|---|---|
${row('AUTHs', 'peak-auth-rate')}
${row('token requests', 'peak-token-rate')}

So the worst second has ${auths('peak-auth-rate')} AUTHs. Where everything happens in one second, as without jitter, a cache that answers 100,000 AUTHs a second is
busy with nothing else for ten.

${picture('peak-auth-rate')}

`;

const behindMsal = ({ row }: Figures): string => `## With the cache of MSAL
A client secret or certificate through \`@azure/identity\`: until five minutes before expiry MSAL answers from its cache. The manager then asks
past it (\`refresh.pastCache\`), so that tokens are renewed as early, and as spread, as without a cache.
All tokens live an hour here; where Entra varies their life, that spreads a fleet too.

| | ours | no jitter, AUTH at once |
|---|---|---|
${row('AUTHs', 'msal/peak-auth-rate')}
${row('token requests', 'msal/peak-token-rate')}

Managed identities get tokens of a day, which their library renews after half of it, whatever it is asked: the manager asks at a random
instant after that, before 0.7 of the life.

`;

const afterOutage = ({ row, picture }: Figures): string => `## After an outage of the identity provider
Entra is down for an hour, from minute 6 on: no token is renewed, all of them expire, and the cache closes every connection. Each process retries
every 15 to 30 s (\`retry.maxDelayMs\`), so the whole fleet is back half a minute after Entra is.

| | ours | no jitter, AUTH at once |
|---|---|---|
${row('token requests during the outage', 'outage/peak-token-rate')}
${row('handshakes when it ends', 'outage/peak-handshake-rate')}
${row('AUTHs of later refreshes', 'outage/peak-auth-rate')}

If Entra throttles (429), its Retry-After is respected. To make a fleet come back more slowly, set \`retry: { maxDelayMs: 300_000 }\`:
it is five minutes late at most, with a tenth of the requests and handshakes per second.

${picture('outage/peak-auth-rate')}
${picture('outage/peak-handshake-rate')}

`;

const afterRestart = ({ row, picture }: Figures): string => `## After a restart of the cache
All connections are closed in minute 30, and the cache is back after 5 s. No token is requested: every handshake uses the current one, and later
refreshes come as planned. The retry strategy of the client decides how fast it comes back. On the left with \`retryStrategy: () => Math.random() * 30_000\`
(node-redis: \`socket.reconnectStrategy\`), on the right with the strategy of ioredis 6: the handshakes compare these two strategies,
not our code.

| | ours | no jitter, AUTH at once |
|---|---|---|
${row('handshakes', 'restart/peak-handshake-rate')}
${row('AUTHs of later refreshes', 'restart/peak-auth-rate')}

${picture('restart/peak-handshake-rate')}
`;

/** `docs/reports/fleet.md`, from the results; undefined without those of the fleet. */
export function toFleetPage(results: Results): string | undefined {
  if (!results.metrics.some(({ name }) => name === 'fleet/peak-auth-rate')) return undefined;
  const figures = figuresOf(results);
  return [intro, evenSpread, deployment, behindMsal, afterOutage, afterRestart]
    .map((section) => section(figures))
    .join('');
}
