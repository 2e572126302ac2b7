import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { commandsOf, logins, openConnections } from '../wire.ts';

const common = {
  why: 'README: what every program must hold to',
  topologies: ['standalone'],
  simulated: true,
  lifetimeMs: 60_000,
} as const;
const count = 200;
const numbers = Array.from({ length: count }, (_, index) => String(index));

const order: Scenario = {
  ...common,
  id: 'driver/order',
  title: 'the commands of a session reach the server in the order in which they were asked for',
  async run(context) {
    const session = await context.connect();
    const replies = await Promise.all(numbers.map((number) => session.command('RPUSH', 'order', number)));
    assert.deepEqual(
      replies,
      numbers.map((number) => Number(number) + 1),
      'replies of RPUSH',
    );
    const pushed = commandsOf(context.target.timeline, 'RPUSH').map(({ args }) => args?.[2]);
    assert.deepEqual(pushed, numbers, 'what the server received');
  },
};

const blockingApart: Scenario = {
  ...common,
  id: 'driver/blocking-apart',
  title: 'what blocks holds up neither other sessions nor what came before it',
  requires: ['blocking'],
  async run(context) {
    const [session, other] = [await context.connect(), await context.connect()];
    let isBlocked = true;
    const before = session.command('SET', 'key', 'value');
    const job = session.command('BLPOP', 'queue', '0').finally(() => (isBlocked = false));
    assert.equal(await before, 'OK');
    assert.notEqual(await session.connected(), false, 'it is connected');
    await session.describe();
    assert.equal(await other.command('GET', 'key'), 'value');
    const third = await context.connect();
    assert.equal(await third.command('PING'), 'PONG');
    assert.ok(isBlocked, 'BLPOP was answered before there was anything');
    await other.command('RPUSH', 'queue', 'job');
    assert.deepEqual(await job, ['queue', 'job']);
  },
};

/** Each command with its reply on the wire, as JSON. */
const replies: readonly (readonly [readonly string[], unknown])[] = [
  [['SET', 'key', '1'], 'OK'],
  [['SET', 'key', '2', 'NX'], null],
  [['GET', 'key'], '1'],
  [['GET', 'none'], null],
  [['DEL', 'none'], 0],
  [['RPUSH', 'list', 'a', 'b'], 2],
  [
    ['BLPOP', 'list', '1'],
    ['list', 'a'],
  ],
  [['ECHO', 'ü'], 'ü'],
  [['PING'], 'PONG'],
];

const wireReplies: Scenario = {
  ...common,
  id: 'driver/wire-replies',
  title: 'replies are as on the wire, and errors reject',
  async run(context) {
    const session = await context.connect();
    for (const [args, expected] of replies)
      assert.deepEqual(await session.command(...args), expected, `the reply of ${args.join(' ')}`);
    await assert.rejects(session.command('GET', 'list'), 'GET of a list');
    if (!context.supports('pipeline')) return;
    const commands = replies.map(([args]) => args);
    await session.command('DEL', 'key', 'list');
    const expected = replies.map(([, reply]) => reply);
    assert.deepEqual(await session.pipeline(commands), expected, 'the replies of a pipeline');
  },
};

const connectsInOpen: Scenario = {
  ...common,
  id: 'driver/connects-in-open',
  title: 'open answers before the client is connected, which it then becomes without a command',
  async run(context) {
    const { entra, timeline } = context.target;
    entra.fail({ kind: 'delay', delayMs: 1000 });
    const session = await context.open();
    assert.equal(logins(timeline).length, 0, 'open waited for the login');
    await context.eventually('a login without any command', () => logins(timeline).length > 0);
    await session.ready();
    assert.notEqual(await session.connected(), false, 'it is ready, and says that it is not connected');
  },
};

const messages: Scenario = {
  ...common,
  id: 'driver/messages',
  title: 'messages come in order, with the channel or pattern that they were subscribed by',
  requires: ['subscribe'],
  async run(context) {
    const [subscriber, publisher] = [await context.connect(), await context.connect()];
    const received = { channel: [] as string[], pattern: [] as string[] };
    await subscriber.subscribe('news', (message) => received.channel.push(message), 'channel');
    await subscriber.subscribe('week*', (message) => received.pattern.push(message), 'pattern');
    for (const number of numbers)
      for (const channel of ['news', 'weekly']) assert.equal(await publisher.command('PUBLISH', channel, number), 1);
    await context.eventually(
      'the messages',
      () => received.pattern.length >= count && received.channel.length >= count,
    );
    assert.deepEqual(received, { channel: numbers, pattern: numbers });
  },
};

const ends: Scenario = {
  ...common,
  id: 'driver/ends',
  title: 'a closed client has no connection, closing it again does no harm, and the process ends with its stdin',
  mustExit: true,
  async run(context) {
    const session = await context.connect();
    await session.close();
    await session.close().catch(() => undefined);
    const { timeline } = context.target;
    await context.eventually('every connection is closed', () => openConnections(timeline).size === 0);
  },
};

/** What the suite takes for granted of a driver: `--check-driver`. */
export const contractScenarios: readonly Scenario[] = [
  order,
  blockingApart,
  wireReplies,
  connectsInOpen,
  messages,
  ends,
];
