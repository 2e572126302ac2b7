import type { Script } from '../replay.ts';

function textOf(reply: unknown): string {
  return reply !== null && typeof reply === 'object' && 'text' in reply ? String(reply.text) : String(reply);
}

/** The lines of INFO that the fake has too. */
function infoFields(reply: unknown, names: readonly string[]): unknown {
  const lines = textOf(reply).split(/\r?\n/);
  return names.map((name) => lines.find((line) => line.startsWith(`${name}:`)));
}

export const connectionScripts: readonly Script[] = [
  {
    name: 'connections',
    steps: [
      'PING',
      'PING hi',
      'PING a b',
      'ECHO hi',
      'ECHO',
      'SELECT 1',
      'SELECT 16',
      'SELECT -1',
      'SELECT x',
      'SELECT 0',
      'AUTH secret',
      'AUTH wrong',
      'AUTH default secret',
      'AUTH nobody secret',
      'AUTH',
      'AUTH a b c',
      'HELLO 4',
      'HELLO 1',
      'HELLO x',
      'HELLO 2 FOO',
      'HELLO 2 AUTH a',
      'HELLO 3 AUTH default wrong',
      'HELLO 3 SETNAME "a b"',
      'CLIENT GETNAME',
      'CLIENT SETNAME me',
      'CLIENT GETNAME',
      'CLIENT SETNAME "a b"',
      'CLIENT SETNAME ""',
      'CLIENT GETNAME',
      'ACL WHOAMI',
      'ACL FOO',
      'ACL',
      'CLIENT FOO',
      'CLIENT',
      'CLIENT ID x',
      'PING',
      'FOO',
      'FOO a "b c"',
      'foo bar',
      'GET',
      'get a b',
      'CLUSTER SLOTS',
      'CLUSTER INFO',
      'CLUSTER FOO',
      'READONLY',
      'ASKING',
      'RESET',
      'PING',
      'AUTH secret',
      'QUIT',
    ],
  },
  {
    name: 'HELLO and CLIENT ID',
    steps: ['HELLO', 'HELLO 3', 'HELLO 2', 'HELLO 3 SETNAME me AUTH default secret', 'CLIENT GETNAME', 'CLIENT ID'],
    normalize: (reply, step) => {
      if (step === 'CLIENT ID') return typeof reply;
      if (reply instanceof Map)
        return new Map([...reply].map(([key, value]) => [key, key === 'id' ? typeof value : value]));
      return Array.isArray(reply)
        ? reply.map((value, index) => (reply[index - 1] === 'id' ? typeof value : value))
        : reply;
    },
  },
  {
    name: 'INFO',
    steps: [
      'SET a 1',
      'INFO',
      'INFO server',
      'INFO replication',
      'INFO FOO',
      'INFO persistence server',
      'INFO ALL',
      'INFO cluster',
    ],
    normalize: (reply) =>
      infoFields(reply, [
        'redis_version',
        'redis_mode',
        'tcp_port',
        'role',
        'connected_slaves',
        'loading',
        'cluster_enabled',
      ]),
  },
  {
    name: 'MONITOR',
    steps: [
      '@2 MONITOR',
      'SET a "b\\"c"',
      '@2 x1 ...',
      'SELECT 2',
      '@2 x1 ...',
      'AUTH default secret',
      '@2 x1 ...',
      'HELLO 2 AUTH default secret',
      '@2 x1 ...',
      'MULTI',
      'GET x',
      '@2 x1 ...',
      'EXEC',
      '@2 x1 ...',
      'NOSUCH',
      'PING',
      '@2 x2 ...',
    ],
    normalize: (reply, step) =>
      typeof reply === 'string'
        ? reply.replace(/^\+\d+\.\d{6} \[(\d+) [\d.:]+\]/, '+<time> [$1]')
        : step.startsWith('HELLO')
          ? 'checked elsewhere'
          : reply,
  },
];
