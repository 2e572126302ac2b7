import { error, errorText, isTyped, itemsOf, push, type Reply } from '../resp/reply.ts';

export type Rewrite = (host: string, port: number) => { host: string; port: number };

/** Where the addresses are in a reply that has some. */
export type AddressForm = 'slots' | 'shards' | 'nodes' | 'pair' | 'instances' | 'instance' | 'role' | 'info';

const forms: Readonly<Record<string, AddressForm>> = {
  'CLUSTER SLOTS': 'slots',
  'CLUSTER SHARDS': 'shards',
  'CLUSTER NODES': 'nodes',
  'CLUSTER REPLICAS': 'nodes',
  'CLUSTER SLAVES': 'nodes',
  'SENTINEL GET-MASTER-ADDR-BY-NAME': 'pair',
  'SENTINEL MASTERS': 'instances',
  'SENTINEL MASTER': 'instance',
  'SENTINEL REPLICAS': 'instances',
  'SENTINEL SLAVES': 'instances',
  'SENTINEL SENTINELS': 'instances',
};

export function addressForm(name: string, sub: string): AddressForm | undefined {
  if (name === 'ROLE') return 'role';
  if (name === 'INFO') return 'info';
  return forms[`${name} ${sub}`];
}

/** `reply` with its addresses rewritten; everything that does not look as it should stays as it is. */
export function rewriteReply(reply: Reply, form: AddressForm, rewrite: Rewrite): Reply {
  if (form === 'nodes') return rewriteNodes(reply, rewrite);
  if (form === 'role') return rewriteRole(reply, rewrite);
  if (form === 'info') return rewriteInfo(reply, rewrite);
  if (form === 'instance') return rewriteFields(reply, rewrite, ['ip'], ['port']);
  if (form === 'pair') return rewritePair(reply, rewrite);
  if (!Array.isArray(reply)) return reply;
  const items: readonly Reply[] = reply;
  if (form === 'slots') return items.map((range) => rewriteSlotRange(range, rewrite));
  if (form === 'instances') return items.map((one) => rewriteFields(one, rewrite, ['ip'], ['port']));
  return items.map((shard) => rewriteShard(shard, rewrite));
}

/** `MOVED 1 host:port` and `ASK 1 host:port`, also inside the reply of EXEC; undefined when there is none. */
export function rewriteRedirects(reply: Reply, rewrite: Rewrite): Reply | undefined {
  const text = errorText(reply);
  if (text !== undefined) {
    const [, before, host, port] = /^((?:MOVED|ASK) \d+ )(.*):(\d+)$/.exec(text) ?? [];
    if (before === undefined || host === undefined) return undefined;
    const to = rewrite(host, Number(port));
    return error(`${before}${to.host}:${to.port}`);
  }
  if (!Array.isArray(reply)) return undefined;
  let found = false;
  const items = reply.map((item: Reply) => {
    const changed = errorText(item) === undefined ? undefined : rewriteRedirects(item, rewrite);
    found ||= changed !== undefined;
    return changed ?? item;
  });
  return found ? items : undefined;
}

/** A sentinel's `+switch-master`, `name host port host port`: some clients dial the new master without asking. Undefined: another message. */
export function rewriteSwitch(message: Reply, rewrite: Rewrite): Reply | undefined {
  const items = itemsOf(message) ?? [];
  if (String(items.at(-2)) !== '+switch-master') return undefined;
  const text = String(items.at(-1)).replaceAll(/ (\S+) (\d+)/g, (_all, host: string, port: string) => {
    const to = rewrite(host, Number(port));
    return ` ${to.host} ${to.port}`;
  });
  const changed = [...items.slice(0, -1), text];
  return isTyped(message) ? push(changed) : changed;
}

/** `[host, port, …]`, both strings. */
function rewritePair(reply: Reply, rewrite: Rewrite): Reply {
  if (!Array.isArray(reply)) return reply;
  const [host, port, ...rest] = reply as readonly Reply[];
  if (!Buffer.isBuffer(host) || !Buffer.isBuffer(port)) return reply;
  const to = rewrite(String(host), Number(String(port)));
  return [to.host, String(to.port), ...rest];
}

/** `[start, end, [host, port, id, …], …]`; a node that does not know its own address says null. */
function rewriteSlotRange(range: Reply, rewrite: Rewrite): Reply {
  if (!Array.isArray(range)) return range;
  return range.map((node: Reply) => {
    if (!Array.isArray(node)) return node;
    const [host, port, ...rest] = node as readonly Reply[];
    if (typeof port !== 'number') return node;
    const to = rewrite(host === null || host === undefined ? '' : String(host), port);
    return [to.host, to.port, ...rest];
  });
}

function rewriteShard(shard: Reply, rewrite: Rewrite): Reply {
  return mapFields(shard, (name, value) => {
    if (name !== 'nodes' || !Array.isArray(value)) return value;
    return value.map((node: Reply) => rewriteFields(node, rewrite, ['ip', 'endpoint'], ['port', 'tls-port']));
  });
}

/** Maps, or flat arrays of names and values, which hold a host under `hosts` and its port under `ports`. */
function rewriteFields(reply: Reply, rewrite: Rewrite, hosts: readonly string[], ports: readonly string[]): Reply {
  const found = new Map<string, Reply>();
  mapFields(reply, (name, value) => {
    found.set(name, value);
    return value;
  });
  const host = hosts.map((name) => found.get(name)).find((value) => value !== undefined && value !== null);
  const port = ports.map((name) => found.get(name)).find((value) => value !== undefined);
  if (host === undefined || host === null || port === undefined) return reply;
  const to = rewrite(String(host), Number(String(port)));
  return mapFields(reply, (name, value) => {
    if (hosts.includes(name)) return to.host;
    if (!ports.includes(name)) return value;
    return typeof value === 'number' ? to.port : String(to.port);
  });
}

function mapFields(reply: Reply, change: (name: string, value: Reply) => Reply): Reply {
  if (isTyped(reply)) {
    if (reply.type !== 'map') return reply;
    return { type: 'map', entries: reply.entries.map(([key, value]) => [key, change(String(key), value)] as const) };
  }
  if (!Array.isArray(reply)) return reply;
  const items: readonly Reply[] = reply;
  return items.map((item, index) => (index % 2 === 0 ? item : change(String(items[index - 1]), item)));
}

/** `id host:port@busport[,hostname] flags …`, a line per node: https://redis.io/docs/latest/commands/cluster-nodes/. */
function rewriteNodes(reply: Reply, rewrite: Rewrite): Reply {
  if (Array.isArray(reply)) return reply.map((item: Reply) => rewriteNodes(item, rewrite));
  return mapText(reply, (text) =>
    text.replaceAll(/^(\S+ )([^\s@]*):(\d+)(?=[@ ,])/gm, (_all, id: string, host: string, port: string) => {
      const to = rewrite(host, Number(port));
      return `${id}${to.host}:${to.port}`;
    }),
  );
}

/** A bulk or verbatim string, changed; anything else stays as it is. */
function mapText(reply: Reply, change: (text: string) => string): Reply {
  if (isTyped(reply) && reply.type === 'verbatim') return { ...reply, text: change(reply.text) };
  if (!Buffer.isBuffer(reply)) return reply;
  const text = reply.toString();
  const changed = change(text);
  return changed === text ? reply : changed;
}

/** `ROLE` of a master with its replicas, or of a replica: https://redis.io/docs/latest/commands/role/. */
function rewriteRole(reply: Reply, rewrite: Rewrite): Reply {
  if (!Array.isArray(reply)) return reply;
  const [role, second, third, ...rest] = reply as readonly Reply[];
  if (String(role) === 'master' && Array.isArray(third)) {
    return [role as Reply, second as Reply, third.map((replica: Reply) => rewritePair(replica, rewrite)), ...rest];
  }
  if (String(role) !== 'slave' || !Buffer.isBuffer(second) || typeof third !== 'number') return reply;
  const to = rewrite(String(second), third);
  return [role as Reply, to.host, to.port, ...rest];
}

/** `INFO`'s replication section: `slave0:ip=…,port=…` of a master, `master_host` and `master_port` of a replica. */
function rewriteInfo(reply: Reply, rewrite: Rewrite): Reply {
  return mapText(reply, (text) =>
    text
      .replaceAll(/^(slave\d+:ip=)([^,\r\n]*),port=(\d+)/gm, (_all, before: string, host: string, port: string) => {
        const to = rewrite(host, Number(port));
        return `${before}${to.host},port=${to.port}`;
      })
      .replaceAll(/^master_host:(.*)\r\nmaster_port:(\d+)/gm, (_all, host: string, port: string) => {
        const to = rewrite(host, Number(port));
        return `master_host:${to.host}\r\nmaster_port:${to.port}`;
      }),
  );
}
