import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';

export interface Registry {
  readonly url: string;
  /** An npmrc that names the registry and a token for it. */
  readonly npmrc: string;
  close(): Promise<void>;
}

/** Verdaccio on a free port of loopback: takes our packages from anybody, all others come from `upstream`. */
export async function startRegistry(folder: string, upstream: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const own = { access: '$all', publish: '$anonymous', unpublish: '$anonymous' };
  const server = (await runServer({
    configPath: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: {
      upstream: { url: upstream, cache: true, maxage: '30m', timeout: '60s', fail_timeout: '1s', max_fails: 100 },
    },
    packages: { '@entra-redis/*': own, 'entra-redis': own, '**': { access: '$all', proxy: 'upstream' } },
    web: { enable: false },
    log: { type: 'file', path: join(folder, 'registry.log'), format: 'pretty', level: 'warn' },
  })) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const npmrc = join(folder, 'npmrc');
  writeFileSync(npmrc, `registry=http://127.0.0.1:${port}/\n//127.0.0.1:${port}/:_authToken=rehearsal\n`);
  return {
    url: `http://127.0.0.1:${port}/`,
    npmrc,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
