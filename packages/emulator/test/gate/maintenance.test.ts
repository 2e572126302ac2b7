import { describe, expect, test } from 'vitest';
import { encodeCommand } from '../../src/resp/encode.ts';
import { plain, type RawClient } from '../cache/helpers.ts';
import { bench, replies, recordings } from './setup.ts';

describe.each(recordings)('recording %s', (record) => {
  const bed = bench(record);

  async function subscribed(port: number): Promise<RawClient> {
    const client = bed.client(port);
    await client.call('HELLO', '3', 'AUTH', 'oid', 'secret');
    expect(plain(await client.call('CLIENT', 'MAINT_NOTIFICATIONS', 'ON', 'moving-endpoint-type', 'internal-ip'))).toBe(
      '+OK',
    );
    return client;
  }

  test('without the option the upstream answers: it knows no such command', async () => {
    const client = await bed.loggedIn();
    const answer = plain(await client.call('CLIENT', 'MAINT_NOTIFICATIONS', 'ON'));
    expect(answer).toMatch(/^-ERR unknown subcommand 'MAINT_NOTIFICATIONS'/i);
    expect(bed.gate.maintain({ kind: 'migrated' })).toBe(0);
  });

  test('asks for a login first', async () => {
    const gate = await bed.open({ maintenanceNotifications: true });
    const answer = plain(await bed.client(gate.port).call('CLIENT', 'MAINT_NOTIFICATIONS', 'ON'));
    expect(answer).toBe('-NOAUTH Authentication required.');
  });

  test.each([
    ['HELLO 3', ['HELLO', '3']],
    ['HELLO 3 AUTH', ['HELLO', '3', 'AUTH', 'oid', 'secret']],
  ])('%s holds what comes in the same write until its protocol is known', async (_name, hello) => {
    const gate = await bed.open({ maintenanceNotifications: true });
    const client = bed.client(gate.port);
    const ask = ['CLIENT', 'MAINT_NOTIFICATIONS', 'ON'];
    const commands = [['AUTH', 'oid', 'secret'], hello, ask, ['ECHO', 'end'], ['HELLO', '2'], ask];
    client.socket.write(Buffer.concat(commands.map((args) => encodeCommand(args))));
    const found = await replies(client, commands.length);
    expect([found[2], found[3], found[5]]).toEqual([
      '+OK',
      'end',
      '-ERR maintenance notifications need RESP3: send HELLO 3 first',
    ]);
  });

  test('pushes come between whole replies, and what follows keeps its place', async () => {
    const gate = await bed.open({ maintenanceNotifications: true });
    const client = await subscribed(gate.port);
    const value = 'x'.repeat(3_000_000);
    await client.call('SET', 'large', value);
    client.write('ECHO', 'before');
    for (let count = 0; count < 3; count += 1) client.write('GET', 'large');
    client.write('ECHO', 'after');
    // The first bytes of the replies have come, the last have not.
    await new Promise<void>((resolve) => client.socket.once('data', () => resolve()));
    expect(gate.maintain({ kind: 'moving', timeSeconds: 60 })).toBe(1);
    const found = await replies(client, 6);
    expect(found.filter((reply) => typeof reply !== 'string')).toEqual([
      { push: ['MOVING', 0, 60, `127.0.0.1:${gate.port}`] },
    ]);
    const answers = found.filter((reply) => typeof reply === 'string');
    expect(answers).toEqual(['before', value, value, value, 'after']);
  });

  test('tells a RESP2 connection nothing, and nobody after OFF or RESET', async () => {
    const gate = await bed.open({ maintenanceNotifications: true });
    const [older, off, reset] = [await subscribed(gate.port), await subscribed(gate.port), await subscribed(gate.port)];
    await older.call('HELLO', '2');
    await off.call('CLIENT', 'MAINT_NOTIFICATIONS', 'OFF');
    await reset.call('RESET');
    expect(gate.maintain({ kind: 'migrated' })).toBe(0);
  });

  test('cuts at the end of a MOVING; a second gate of the same upstream is where the client goes', async () => {
    const gate = await bed.open({ maintenanceNotifications: true });
    const there = await bed.open({ maintenanceNotifications: true });
    const client = await subscribed(gate.port);
    gate.maintain({ kind: 'moving', timeSeconds: 0, to: there });
    expect(plain(await client.next())).toEqual({ push: ['MOVING', 0, 0, `127.0.0.1:${there.port}`] });
    await client.closed;
    expect(gate.timeline.entries.at(-1)).toMatchObject({ event: 'close', text: 'moved' });
    expect(plain(await (await subscribed(there.port)).call('PING'))).toBe('+PONG');
  });
});
