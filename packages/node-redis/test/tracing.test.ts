import { tracingChannel } from 'node:diagnostics_channel';
import * as redis4 from 'redis-4';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withEntra } from '../src/v4.ts';
import { type TestClient, title, versions } from './support/clients.ts';
import { World } from './support/world.ts';

interface Sender {
  sendCommand: (...args: unknown[]) => unknown;
}

/** What instrumentation sees that wraps sendCommand(), as @opentelemetry/instrumentation-redis does, or listens to the client's channels. */
function trace(client: TestClient): unknown[] {
  const traced: unknown[] = [];
  let owner: object = client;
  while (!Object.hasOwn(owner, 'sendCommand')) owner = Object.getPrototypeOf(owner) as object;
  const sender = owner as Sender;
  const { sendCommand } = sender;
  sender.sendCommand = function traceCommand(this: unknown, ...args: unknown[]): unknown {
    traced.push(args);
    return sendCommand.apply(this, args);
  };
  const channel = tracingChannel('node-redis:command');
  const subscribers = { start: (context: unknown): void => void traced.push(context) };
  channel.subscribe(subscribers as never);
  onTestFinished(() => {
    sender.sendCommand = sendCommand;
    channel.unsubscribe(subscribers as never);
  });
  return traced;
}

const lanes: readonly (readonly [string, (world: World) => TestClient])[] = [
  ...versions.map((version) => [title(version), (world: World) => world.client(version)] as const),
  [
    '4.7.1',
    (world): TestClient => {
      const { host, port } = world.cache;
      const client = redis4.createClient(withEntra(redis4, world.manager, { socket: { host, port } }));
      onTestFinished(() => (client.isOpen ? client.disconnect() : undefined));
      return client as unknown as TestClient;
    },
  ],
];

describe.each(lanes)('redis %s', (_name, create) => {
  test('reauth/no-leak: what traces commands of the client is given no token, nor a part of one', async () => {
    const world = await World.start();
    const client = create(world);
    client.on('error', (error) => world.errors.push(error));
    const traced = trace(client);
    await client.connect();
    await world.renewFor();
    await world.renewFor();
    expect(world.verifier.presented).toEqual([1, 2, 3]);
    expect(JSON.stringify(traced)).toContain('AUTH');
    expect(JSON.stringify(traced)).not.toMatch(/eyJ|\.signature/);
  });
});
