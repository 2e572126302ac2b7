import { describe, expect, test } from 'vitest';
import { rewriteRedirects, rewriteReply, rewriteSwitch } from '../../src/gate/rewrite.ts';
import { error, map, push, type Reply } from '../../src/resp/reply.ts';

/** A server on port N has its gate on port N + 1000. */
const rewrite = (host: string, port: number): { host: string; port: number } => ({
  host: host === '' ? 'gate' : `gate-of-${host}`,
  port: port + 1000,
});
const bulk = (text: string): Buffer => Buffer.from(text);

describe('rewriteRedirects', () => {
  test.each([
    ['MOVED 3999 10.0.0.1:6381', 'MOVED 3999 gate-of-10.0.0.1:7381'],
    ['ASK 3999 10.0.0.1:6381', 'ASK 3999 gate-of-10.0.0.1:7381'],
    ['MOVED 1 ::1:6381', 'MOVED 1 gate-of-::1:7381'],
    ['MOVED 1 :6381', 'MOVED 1 gate:7381'],
  ])('%s', (before, after) => {
    expect(rewriteRedirects(error(before), rewrite)).toEqual(error(after));
  });

  test('other errors and replies stay', () => {
    expect(rewriteRedirects(error('ERR MOVED 1 a:1'), rewrite)).toBeUndefined();
    expect(rewriteRedirects([bulk('MOVED 1 a:1'), 1], rewrite)).toBeUndefined();
    expect(rewriteRedirects(null, rewrite)).toBeUndefined();
  });

  test('one inside the reply of EXEC is found', () => {
    expect(rewriteRedirects([1, error('MOVED 1 a:1')], rewrite)).toEqual([1, error('MOVED 1 gate-of-a:1001')]);
  });
});

describe('rewriteSwitch', () => {
  const message = (channel: string, text: string): Reply[] => [bulk('message'), bulk(channel), bulk(text)];
  const before = message('+switch-master', 'mymaster a 1 b 2');
  const after = [...before.slice(0, 2), 'mymaster gate-of-a 1001 gate-of-b 1002'];

  test('+switch-master of a sentinel names the gates of the old and the new master', () => {
    expect(rewriteSwitch(before, rewrite)).toEqual(after);
    expect(rewriteSwitch(push(before), rewrite)).toEqual(push(after));
    const [, ...matched] = before;
    const [, ...changed] = after;
    const pattern = [bulk('pmessage'), bulk('+*')];
    expect(rewriteSwitch([...pattern, ...matched], rewrite)).toEqual([...pattern, ...changed]);
  });

  test('other messages stay', () => {
    expect(rewriteSwitch(message('news', 'mymaster a 1 b 2'), rewrite)).toBeUndefined();
    expect(rewriteSwitch(null, rewrite)).toBeUndefined();
  });
});

describe('rewriteReply', () => {
  test('CLUSTER SLOTS, with a node that does not know its own address', () => {
    const id = bulk('id');
    const reply: Reply = [[0, 100, [bulk('a'), 1, id, []], [null, 2, id]]];
    expect(rewriteReply(reply, 'slots', rewrite)).toEqual([[0, 100, ['gate-of-a', 1001, id, []], ['gate', 1002, id]]]);
  });

  test('CLUSTER SHARDS as maps and as flat arrays', () => {
    const node = [
      ['id', bulk('x')],
      ['tls-port', 1],
      ['ip', bulk('a')],
      ['endpoint', bulk('a')],
    ] as const;
    const changed = [
      ['id', bulk('x')],
      ['tls-port', 1001],
      ['ip', 'gate-of-a'],
      ['endpoint', 'gate-of-a'],
    ] as const;
    expect(rewriteReply([map([['nodes', [map(node)]]])], 'shards', rewrite)).toEqual([
      map([['nodes', [map(changed)]]]),
    ]);
    expect(rewriteReply([['nodes', [node.flat()]]], 'shards', rewrite)).toEqual([['nodes', [changed.flat()]]]);
  });

  test('CLUSTER NODES, with and without host names and bus ports', () => {
    const lines = [
      'aa 10.0.0.1:1@11 myself,master - 0 0 1 connected 0-5',
      'bb :2@12,host slave aa 0 0 1 connected',
      'cc 10.0.0.3:3 x',
    ];
    expect(rewriteReply(bulk(`${lines.join('\n')}\n`), 'nodes', rewrite)).toBe(
      'aa gate-of-10.0.0.1:1001@11 myself,master - 0 0 1 connected 0-5\nbb gate:1002@12,host slave aa 0 0 1 connected\ncc gate-of-10.0.0.3:1003 x\n',
    );
  });

  test('SENTINEL addresses: a pair, an instance, instances, and none', () => {
    const instance = ['name', 'm', 'ip', bulk('a'), 'port', bulk('1')];
    const changed = ['name', 'm', 'ip', 'gate-of-a', 'port', '1001'];
    expect(rewriteReply([bulk('a'), bulk('1')], 'pair', rewrite)).toEqual(['gate-of-a', '1001']);
    expect(rewriteReply(instance, 'instance', rewrite)).toEqual(changed);
    expect(rewriteReply([instance], 'instances', rewrite)).toEqual([changed]);
    expect(rewriteReply({ type: 'null-array' }, 'pair', rewrite)).toEqual({ type: 'null-array' });
    expect(rewriteReply(error('ERR No such master'), 'instance', rewrite)).toEqual(error('ERR No such master'));
  });
});
