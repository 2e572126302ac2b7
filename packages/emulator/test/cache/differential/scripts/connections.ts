import { unordered, type Script } from '../replay.ts';

function textOf(reply: unknown): string {
  return reply !== null && typeof reply === 'object' && 'text' in reply ? String(reply.text) : String(reply);
}

/** The lines of INFO that the fake has too. */
function infoFields(reply: unknown, names: readonly string[]): unknown {
  const lines = textOf(reply).split(/\r?\n/);
  return names.map((name) => lines.find((line) => line.startsWith(`${name}:`)));
}

const kept: ReadonlySet<string> = new Set('name flags db sub psub ssub multi cmd user redir resp'.split(' '));

/** Names of all fields of CLIENT LIST, values of those that a script decides. */
function clientFields(reply: unknown): unknown {
  const lines = textOf(reply).trim().split('\n');
  const fields = lines.map((line) => line.split(' ').map((field) => field.split('=')));
  return fields.map((line) => [line.map(([name]) => name), line.filter(([name]) => kept.has(name ?? ''))]);
}

const isClientInfo = (reply: unknown): boolean => textOf(reply).startsWith('id=');

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
      'CLIENT NO-EVICT on',
      'CLIENT NO-EVICT foo',
      'CLIENT GETREDIR',
      'CLIENT REPLY foo',
      'x0 CLIENT REPLY SKIP',
      'x0 PING',
      'PING',
      'x0 CLIENT REPLY OFF',
      'x0 PING',
      'CLIENT REPLY ON',
      'CLIENT UNBLOCK 99999',
      'CLIENT UNBLOCK x',
      'CLIENT UNBLOCK 99999 FOO',
      'FOO',
      'FOO a "b c"',
      'foo bar',
      'GET',
      'get a b',
      'CONFIG GET maxmemory-policy',
      'CONFIG GET data* maxmemory',
      'CONFIG FOO',
      'ROLE',
      'CLUSTER SLOTS',
      'CLUSTER INFO',
      'CLUSTER FOO',
      'READONLY',
      'READWRITE',
      'ASKING',
      'RESET',
      'PING',
      'AUTH secret',
      'QUIT',
    ],
    normalize: (reply, step) => (step.startsWith('CONFIG GET') && Array.isArray(reply) ? unordered(reply) : reply),
  },
  {
    name: 'HELLO and CLIENT ID',
    steps: [
      'HELLO',
      'HELLO 3',
      'HELLO 2',
      'HELLO 3 SETNAME me AUTH default secret',
      'CLIENT GETNAME',
      'CLIENT ID',
      'TIME',
    ],
    normalize: (reply, step) => {
      if (step === 'CLIENT ID') return typeof reply;
      if (step === 'TIME' && Array.isArray(reply)) return reply.map((part) => String(part).length > 9 || typeof part);
      if (reply instanceof Map)
        return new Map([...reply].map(([key, value]) => [key, key === 'id' ? typeof value : value]));
      return Array.isArray(reply)
        ? reply.map((value, index) => (reply[index - 1] === 'id' ? typeof value : value))
        : reply;
    },
  },
  {
    name: 'CLIENT LIST and INFO',
    steps: [
      'CLIENT SETNAME me',
      'CLIENT INFO',
      'CLIENT LIST TYPE normal',
      'CLIENT LIST',
      'MULTI',
      'PING',
      'CLIENT INFO',
      'EXEC',
      'SELECT 3',
      'CLIENT INFO',
    ],
    normalize: (reply) => {
      if (isClientInfo(reply)) return clientFields(reply);
      return Array.isArray(reply) ? reply.map((one) => (isClientInfo(one) ? clientFields(one) : one)) : reply;
    },
  },
  {
    name: 'CLIENT LIST by id, and CLIENT KILL',
    steps: [
      'CLIENT LIST ID 999999',
      'CLIENT LIST TYPE foo',
      'CLIENT LIST FOO',
      'CLIENT KILL',
      'CLIENT KILL 1.1.1.1:1',
      'CLIENT KILL ID x',
      'CLIENT KILL ID 0',
      'CLIENT KILL ID 999999',
      'CLIENT KILL TYPE foo',
      'CLIENT KILL FOO 1',
      'CLIENT KILL ID 1 ADDR',
      'CLIENT KILL SKIPME maybe ID 1',
      'CLIENT KILL ADDR 1.1.1.1:1',
      'CLIENT KILL LADDR 1.1.1.1:1',
      '@2 CLIENT SETNAME other',
      'CLIENT KILL TYPE pubsub',
      'CLIENT KILL USER default',
      'CLIENT KILL TYPE normal SKIPME no',
    ],
  },
  {
    name: 'INFO',
    steps: [
      'SET a 1',
      'INFO',
      'INFO server',
      'INFO replication',
      'INFO keyspace',
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
        'arch_bits',
        'role',
        'connected_slaves',
        'loading',
        'cluster_enabled',
        'db0',
        'blocked_clients',
        'maxmemory_policy',
      ]),
  },
  {
    name: 'COMMAND',
    steps: [
      'COMMAND FOO',
      'COMMAND GETKEYS GET a',
      'COMMAND GETKEYS MSET a 1 b 2',
      'COMMAND GETKEYS XREAD COUNT 1 STREAMS a b 0 0',
      'COMMAND GETKEYS PING',
      'COMMAND GETKEYS PING x',
      'COMMAND GETKEYS FOO x',
      'COMMAND GETKEYS GET a b',
      'COMMAND GETKEYS FOO',
      'COMMAND GETKEYS GET',
      'COMMAND INFO nope',
    ],
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
      'CLIENT LIST',
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
        ? reply.replace(/^\+\d+\.\d{6} \[(\d+) [\d.:]+\]/, '+<time> [$1]').replace(/\n.*|^id=.*/s, '')
        : step.startsWith('CLIENT') || step.startsWith('HELLO')
          ? 'checked elsewhere'
          : reply,
  },
];
