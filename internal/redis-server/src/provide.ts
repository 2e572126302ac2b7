// Finds a real redis-server: the REDIS_SERVER variable, PATH, the ignored .tools/ folder, which is filled where there is none. As
// vitest's globalSetup, or by provideRedisServer(), it sets REDIS_SERVER, REDIS_CLI and VALKEY_SERVER for what runs next.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchRedisServer } from './fetch.ts';
import { isExecutable, onPath } from './on-path.ts';
import { checkRuns } from './program.ts';

const home = fileURLToPath(new URL('../../../.tools/redis', import.meta.url));

/** Sets REDIS_SERVER, and REDIS_CLI and VALKEY_SERVER if there is one, in this process' environment. */
export async function provideRedisServer(): Promise<void> {
  const server = await findRedisServer();
  const beside = join(dirname(server), 'redis-cli');
  const cli = process.env['REDIS_CLI'] || found(beside) || onPath('redis-cli') || inTools('redis-cli');
  const valkey = await findValkeyServer();
  process.env['REDIS_SERVER'] = server;
  if (cli) process.env['REDIS_CLI'] = cli;
  if (valkey) process.env['VALKEY_SERVER'] = valkey;
}
export default provideRedisServer;

/** The path of one that runs. Rejects with a sentence that says what to install. */
async function findRedisServer(): Promise<string> {
  const named = process.env['REDIS_SERVER'];
  if (named) {
    await checkRuns(named, `REDIS_SERVER is ${named}, which does not run`);
    return resolve(named);
  }
  const here = onPath('redis-server') ?? inTools('redis-server');
  if (here !== undefined) return here;
  await fetchRedisServer(home);
  return join(home, 'redis-server');
}

/** The VALKEY_SERVER variable, PATH; none is fetched. */
async function findValkeyServer(): Promise<string | undefined> {
  const named = process.env['VALKEY_SERVER'];
  if (!named) return onPath('valkey-server');
  await checkRuns(named, `VALKEY_SERVER is ${named}, which does not run`, 'correct it or unset it');
  return named;
}

const found = (file: string): string | undefined => (isExecutable(file) ? file : undefined);

const inTools = (name: string): string | undefined => found(join(home, name));
