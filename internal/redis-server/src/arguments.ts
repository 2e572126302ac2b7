import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** PEM; of the certificate the authority, too. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

export interface ServerArguments {
  /** More command line arguments. */
  args?: readonly string[];
  /** Run as a node of a cluster. */
  cluster?: true;
  /** Speak TLS, with this identity, instead of plain text. */
  tls?: ServerIdentity;
  /** Run as a sentinel, with this configuration. */
  sentinelConfig?: string;
  /** Lines of a configuration file, which CONFIG REWRITE changes and a restart reads again. */
  config?: string;
}

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly busPort: number | undefined;
  readonly folder: string;
}

/** The command line, and in the folder the files that it names. */
export async function writeArguments(
  { host, port, busPort, folder }: Place,
  { args = [], tls, sentinelConfig, config = '' }: ServerArguments,
): Promise<readonly string[]> {
  const common = ['--bind', host, '--dir', folder, '--protected-mode', 'no', ...args];
  if (sentinelConfig !== undefined) {
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, sentinelConfig);
    return [file, '--sentinel', ...(await listenArguments(port, folder, tls)), ...common];
  }
  const file = join(folder, 'redis.conf');
  await writeFile(file, config);
  const listen = await listenArguments(port, folder, tls);
  const keepNothing = ['--save', '', '--appendonly', 'no'];
  return [file, ...listen, ...keepNothing, ...common, ...clusterArguments(host, busPort)];
}

/** With TLS a sentinel, or a replica, asks others by TLS as well. */
async function listenArguments(
  port: number,
  folder: string,
  identity: ServerIdentity | undefined,
): Promise<readonly string[]> {
  if (identity === undefined) return ['--port', String(port)];
  const files = { key: join(folder, 'tls.key'), cert: join(folder, 'tls.crt'), ca: join(folder, 'ca.crt') };
  for (const part of ['key', 'cert', 'ca'] as const) await writeFile(files[part], identity[part], { mode: 0o600 });
  return [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-replication', 'yes'],
    ...['--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-ca-cert-file', files.ca],
  ];
}

function clusterArguments(host: string, busPort: number | undefined): readonly string[] {
  if (busPort === undefined) return [];
  return [
    ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-port', String(busPort)],
    // A node does not know its own address before it has met another.
    ...['--cluster-announce-ip', host],
  ];
}
