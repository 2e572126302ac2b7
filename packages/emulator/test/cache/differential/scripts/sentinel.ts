import type { Script } from '../replay.ts';

const ports = (reply: unknown): unknown => {
  if (typeof reply === 'string') return reply.replaceAll(/\b\d{4,5}\b/g, '<port>');
  return Array.isArray(reply) ? reply.map(ports) : reply;
};

/** The fields of a master that clients read. */
function masterFields(reply: unknown): unknown {
  const flat: unknown[] = reply instanceof Map ? [...reply].flat() : Array.isArray(reply) ? reply : [];
  const fields = new Map(flat.map((name, index) => [name, ports(flat[index + 1])]));
  return ['name', 'ip', 'port', 'flags', 'num-slaves', 'num-other-sentinels', 'quorum'].map((name) => fields.get(name));
}

export const sentinelScripts: readonly Script[] = [
  {
    name: 'a sentinel',
    steps: [
      'PING',
      'SENTINEL get-master-addr-by-name main',
      'SENTINEL get-master-addr-by-name none',
      'SENTINEL get-master-addr-by-name',
      'SENTINEL master none',
      'SENTINEL replicas main',
      'SENTINEL slaves main',
      'SENTINEL replicas none',
      'SENTINEL sentinels main',
      'SENTINEL sentinels none',
      'SENTINEL foo',
      'SENTINEL',
      'GET a',
      'MULTI',
      'ACL WHOAMI',
      'CLIENT SETNAME me',
      'CLIENT GETNAME',
      'PSUBSCRIBE zz*',
      'SUBSCRIBE +switch-master',
      'PUNSUBSCRIBE',
      'UNSUBSCRIBE',
      'QUIT',
    ],
    normalize: ports,
  },
  { name: 'what a sentinel tells of a master', steps: ['SENTINEL master main'], normalize: masterFields },
  {
    name: 'HELLO to a sentinel',
    steps: ['HELLO'],
    normalize: (reply) => {
      const flat: unknown[] = reply instanceof Map ? [...reply].flat() : Array.isArray(reply) ? reply : [];
      return flat.map((value, index) => (flat[index - 1] === 'id' ? typeof value : value));
    },
  },
];
