import { describe, expect, it } from 'vitest';
import { digest, showArgs } from '../../src/timeline/secrets.ts';
import { createTimeline } from '../../src/timeline/timeline.ts';

const show = (...words: string[]): string[] => showArgs(words.map((word) => Buffer.from(word)));
const token = `eyJhbGciOiJub25lIn0.${'x'.repeat(500)}.sig`;

describe('the timeline', () => {
  it('token/no-leak: shows digests in place of passwords', () => {
    expect(show('AUTH', 'user', 'pw')).toEqual(['AUTH', 'user', digest('pw')]);
    expect(show('auth', 'pw')).toEqual(['auth', digest('pw')]);
    expect(show('AUTH', 'a', 'b', 'c')).toEqual(['AUTH', digest('a'), digest('b'), digest('c')]);
    expect(show('HELLO', '3', 'AUTH', 'u', 'pw', 'SETNAME', 'n')).toEqual([
      'HELLO',
      '3',
      'AUTH',
      'u',
      digest('pw'),
      'SETNAME',
      'n',
    ]);
    expect(show('HELLO', '3', 'pw')).toEqual(['HELLO', '3', digest('pw')]);
    expect(show('SET', 'k', `Bearer ${token}`).join(' ')).not.toContain('eyJ');
  });

  it('cuts long arguments', () => {
    expect(show('SET', 'k', 'v'.repeat(1000))[2]).toBe(`${'v'.repeat(64)}… (1000 bytes)`);
  });

  it('is readable as text', () => {
    const timeline = createTimeline();
    timeline.add({ at: 1000, connection: 1, event: 'open' });
    timeline.add({
      at: 1500,
      connection: 1,
      event: 'login',
      login: { via: 'AUTH', username: 'oid', token: digest('pw'), expiresAt: 4500 },
    });
    timeline.add({ at: 2000, connection: 1, node: 'node-1', event: 'command', args: ['SET', 'a b', ''] });
    expect(timeline.toText()).toBe(
      [
        '+0.000s #1 open',
        `+0.500s #1 login AUTH oid ${digest('pw')} (3.000s left)`,
        '+1.000s #1 node-1 command SET "a b" ""',
      ].join('\n'),
    );
    timeline.clear();
    expect(timeline.toText()).toBe('');
  });

  it('drops the oldest entries beyond its limit', () => {
    const timeline = createTimeline(10);
    for (let at = 0; at < 1000; at++) timeline.add({ at, connection: 1, event: 'open' });
    expect(timeline.entries.map((entry) => entry.at)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
  });

  it('keeps what happened to the connections apart from their traffic', () => {
    const timeline = createTimeline(3);
    const events = () => timeline.landmarks.map(({ at, event }) => `${at} ${event}`);
    timeline.add({ at: 1, connection: 1, event: 'open' });
    for (let at = 2; at < 100; at++) timeline.add({ at, connection: 1, event: 'command', args: ['PING'] });
    timeline.addLate({ count: 1, read: () => [{ at: 100, connection: 1, event: 'reply' }] });
    timeline.add({ at: 101, connection: 1, event: 'close' });
    expect(events()).toEqual(['1 open', '101 close']);
    timeline.add({ at: 102, connection: 2, event: 'open' });
    timeline.add({ at: 103, connection: 2, event: 'refused' });
    expect(events()).toEqual(['101 close', '102 open', '103 refused']);
    timeline.clear();
    expect(timeline.landmarks).toEqual([]);
  });

  it('reads late entries in their place, once, and drops the oldest with them', () => {
    const timeline = createTimeline(4);
    let reads = 0;
    const at = (moment: number) => ({ at: moment, connection: 1, event: 'command' as const });
    const late = (...moments: number[]) => ({
      count: moments.length,
      read: () => {
        reads++;
        return moments.map(at);
      },
    });
    const moments = () => timeline.entries.map((entry) => entry.at);
    timeline.add(at(1));
    timeline.addLate(late(2, 3));
    timeline.add(at(4));
    expect([moments(), moments(), reads]).toEqual([[1, 2, 3, 4], [1, 2, 3, 4], 1]);
    timeline.addLate(late(5, 6, 7));
    timeline.addLate(late(8, 9, 10));
    expect(moments()).toEqual([7, 8, 9, 10]);
    timeline.clear();
    expect(moments()).toEqual([]);
  });
});
