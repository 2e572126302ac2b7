import type { CacheFault, EntraFault } from '@entra-redis/emulator';
import type { Session } from '../../driver/driver.ts';
import type { Context, Scenario } from '../scenario.ts';
import { connectionsWith, liveConnections, tokensAccepted } from '../wire.ts';
import { isBack } from '../steps.ts';

/** As long as a case may take beside the others; the long one, with real servers that die as well, is `test/chaos/`. */
const chaosMs = 9000;
const clients = 4;

const providerFaults: readonly EntraFault[] = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, retryAfterSeconds: 1 },
  { kind: 'reset' },
  { kind: 'malformed' },
  { kind: 'delay', delayMs: 300 },
];
const cacheFaults: readonly CacheFault['action'][] = [
  { kind: 'cut' },
  { kind: 'cut', after: true },
  { kind: 'delay', delayMs: 100 },
  { kind: 'error', message: 'LOADING Redis is loading the dataset in memory' },
];

const pick = <T>(context: Context, from: readonly T[]): T => from[Math.floor(context.random() * from.length)] as T;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function harm(context: Context, until: number): Promise<void> {
  const { entra } = context.target;
  while (Date.now() < until) {
    const what = context.random();
    if (what < 0.3) entra.fail(pick(context, providerFaults), 1 + Math.floor(context.random() * 3));
    else if (what < 0.6) context.target.cut();
    else context.target.fault({ match: ['AUTH', 'HELLO', 'GET', 'SET'], action: pick(context, cacheFaults) });
    await pause(50 + context.random() * 400);
  }
  entra.heal();
  context.target.heal();
}

/** Commands of all kinds, whatever becomes of them; what has been asked and what has settled. */
async function work(context: Context, until: number): Promise<void> {
  const sessions: Session[] = [];
  // One after the other: several calls of `createClient` of redis 5.0 in a row hold the event loop up.
  while (sessions.length < clients) {
    sessions.push(await context.open());
    await new Promise((resolve) => setImmediate(resolve));
  }
  const pending = new Set<Promise<unknown>>();
  const note = (command: Promise<unknown>): void => {
    pending.add(command);
    const settled = (): unknown => pending.delete(command);
    command.then(settled, settled);
  };
  while (Date.now() < until) {
    const session = pick(context, sessions);
    const key = `key:${Math.floor(context.random() * 100)}`;
    note(session.command('SET', key, 'value'));
    note(session.command('GET', key));
    if (context.random() < 0.2)
      note(
        session.pipeline([
          ['GET', key],
          ['SET', key, 'other'],
        ]),
      );
    await pause(context.random() * 20);
  }
  await context.eventually('every command has settled', () => pending.size === 0, context.scaled(20_000));
  for (const session of sessions) await isBack(context, session);
}

export const lifeChaos: Scenario = {
  id: 'life/chaos',
  title:
    'a failing provider, cut connections and faulty replies at random: every command settles, all come back logged in',
  why: 'outages do not come one at a time',
  topologies: ['standalone'],
  lifetimeMs: 2500,
  async run(context) {
    const { timeline } = context.target;
    const until = Date.now() + chaosMs;
    await Promise.all([harm(context, until), work(context, until)]);
    await context.eventually('one connection for each client', () => liveConnections(timeline).size === clients);
    const token = tokensAccepted(timeline).at(-1);
    await context.eventually(
      'a refresh of all clients',
      () => {
        const newest = tokensAccepted(timeline).at(-1);
        return newest !== token && connectionsWith(timeline, newest).size === clients;
      },
      context.lifetimeMs * 2,
    );
    await context.eventually('still one connection for each client', () => liveConnections(timeline).size === clients);
  },
};
