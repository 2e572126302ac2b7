import { map, OK, type Reply, verbatim } from '../../resp/reply.ts';
import { type Args, textAt } from '../args.ts';
import { command, container } from '../command.ts';
import { globMatches } from '../glob.ts';
import type { Command, Outcome, Session } from '../model.ts';
import { commandCommand } from './command-docs.ts';
import { infoSections } from './info.ts';

function info(session: Session, args: Args): Outcome {
  const wanted = args.slice(1).map((_, index) => textAt(args, index + 1).toLowerCase());
  const all = wanted.length === 0 || wanted.some((word) => ['all', 'everything', 'default'].includes(word));
  const sections = infoSections(session).filter(([name]) => all || wanted.includes(name.toLowerCase()));
  const text = sections
    .map(([name, fields]) => `# ${name}\r\n${fields.map(([field, value]) => `${field}:${value}\r\n`).join('')}`)
    .join('\r\n');
  return verbatim(text);
}

function role(session: Session): Reply {
  const { node } = session;
  if (node.kind === 'sentinel') return ['sentinel', [node.context.sentinels?.masterName ?? '']];
  const { shard } = node;
  if (node.role === 'slave') return ['slave', shard.master.host, shard.master.port, 'connected', 0];
  return ['master', 0, shard.replicas.map((replica) => [replica.host, String(replica.port), '0'])];
}

/** What CONFIG GET shows; libraries look at these. */
const configuration: Readonly<Record<string, string>> = {
  appendonly: 'no',
  databases: '16',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  'notify-keyspace-events': '',
  save: '',
};

function configGet(_session: Session, args: Args): Outcome {
  const patterns = args.slice(2).map((_, index) => textAt(args, index + 2).toLowerCase());
  const found = Object.entries(configuration).filter(([name]) =>
    patterns.some((pattern) => globMatches(pattern, name)),
  );
  return map(found);
}

function time(session: Session): Outcome {
  const now = session.database.now();
  return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
}

function whoami(session: Session): Outcome {
  return session.login.current?.username ?? 'default';
}

function monitor(session: Session): Outcome {
  session.monitoring = true;
  return OK;
}

export const serverCommands: readonly Command[] = [
  command('info', -1, 'loading stale', undefined, info),
  command('role', 1, 'noscript loading stale fast', undefined, role),
  command('time', 1, 'loading stale fast', undefined, time),
  command('monitor', 1, 'admin noscript loading stale', undefined, monitor),
  container('acl', '', [command('whoami', 2, 'noscript loading stale', undefined, whoami)]),
  container('config', '', [command('get', -3, 'admin noscript loading stale', undefined, configGet)]),
  commandCommand,
];
