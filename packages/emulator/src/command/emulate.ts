import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { addressOf } from '../addresses.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { listenForStop, startInBackground, stopBackground, tellStarter } from './background.ts';
import { createIdentity, startEmulatedCache, startIdentityProvider } from './endpoint.ts';
import { reserveEnvFile } from './env-file.ts';
import { createEnvironment, type Environment, trustedBefore } from './environment.ts';
import { checkTogether, type EmulateOptions, explain, identityFrom } from './options.ts';
import type { EntraServer } from '../types.ts';
import type { StartedCache } from './real-cache.ts';
import { runCommand } from './run-command.ts';
import { watchForEnd } from './stopping.ts';
import { tellingTimeline } from './watch.ts';

type Closers = (() => Promise<void> | void)[];
type Tell = (line: string) => void;

/** Runs until it is stopped, or until the command ends; leaves nothing behind. Prose goes to stderr, what a shell may read to stdout. */
export async function emulate(options: EmulateOptions, command: readonly string[]): Promise<void> {
  checkTogether(options, command);
  if (options.stop !== undefined) return stopBackground(options.stop);
  if (options.background) return startInBackground();
  if (options.detached) return inBackground(options);
  const stopped = watchForEnd({ parentToo: true });
  const closers: Closers = [];
  const tell: Tell = (line) => console.error(line);
  try {
    const { cache, environment } = await start(options, { command, tell, closers });
    const ended = Promise.race([stopped, cache.ended.then((reason) => tellOfTrouble(reason, tell))]);
    if (command.length > 0) {
      tell(`The cache is ${cache.what}.`);
      const code = await runCommand(command, environment.variables, ended);
      process.exitCode ||= code;
    } else {
      introduce(cache, options, tell);
      process.stdout.write(environment.exports);
      await ended;
      tell('Stopping.');
    }
  } finally {
    for (const close of closers) await close();
  }
}

function tellOfTrouble(reason: string, tell: Tell): NodeJS.Signals {
  process.exitCode = 1;
  tell(`entra-redis: ${reason}.`);
  return 'SIGTERM';
}

/** What `--background` starts. Nobody reads its output: what it would tell goes to a file. */
async function inBackground(options: EmulateOptions): Promise<void> {
  const stopped = watchForEnd({ parentToo: false });
  const closers: Closers = [];
  const folder = createTemporaryFolder();
  const log = join(folder.path, 'emulator.log');
  // Whatever becomes of the file: temporary ones may be cleaned away.
  const lines = createWriteStream(log).on('error', () => undefined);
  const tell: Tell = (line) => lines.write(`${line}\n`);
  const stop = await listenForStop();
  let failed = '';
  try {
    const { cache, environment } = await start(options, { command: [], tell, closers, variables: stop.variables });
    const said: string[] = [];
    introduce(cache, options, (line) => said.push(line));
    said.push(`It continues in the background, and logs logins in ${log}. To stop it: npx entra-redis emulate --stop`);
    const known = await tellStarter({ exports: environment.exports, said });
    if (known) await Promise.race([stopped, stop.asked, cache.ended]);
  } catch (error) {
    failed = explain(error);
    process.exitCode = 1;
  } finally {
    for (const close of closers) await close();
    folder.remove();
    await stop.close();
  }
  // The process that started it ends with this, and then nothing may be left.
  if (failed !== '') await tellStarter({ failed });
}

async function start(
  options: EmulateOptions,
  by: {
    readonly command: readonly string[];
    readonly tell: Tell;
    readonly closers: Closers;
    readonly variables?: Readonly<Record<string, string>>;
  },
): Promise<{ cache: StartedCache; environment: Environment }> {
  const { command, tell, closers, variables = {} } = by;
  const trusted = trustedBefore();
  const envFile = options.writeEnv === undefined ? undefined : reserveEnvFile(options.writeEnv);
  closers.unshift(() => envFile?.remove());
  const tls = await createIdentity(options);
  const entra = await startIdentityProvider(options, tls);
  closers.unshift(() => entra.close());
  const timeline = tellingTimeline(tell, { troubleAlone: command.length > 0, named: options.cluster ?? false });
  const port = options.port ?? (command.length > 0 ? 0 : 6380);
  const cache = await startEmulatedCache(options, { entra, tls, port, timeline });
  closers.unshift(() => cache.close());
  const assertion = identityFrom(options) === 'workload' ? await assertionFor(entra) : undefined;
  const environment = createEnvironment(entra, cache.endpoint, { trusted, envFile, variables, assertion });
  closers.unshift(() => environment.remove());
  return { cache, environment };
}

/** What the cluster of a pod would sign. It is for Entra alone: the cache refuses it. */
async function assertionFor(entra: EntraServer): Promise<string> {
  const years = 10;
  const { value } = await entra.issueToken({
    audience: 'api://AzureADTokenExchange',
    lifetimeMs: years * 365 * 24 * 3_600_000,
  });
  return value;
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

function introduce({ endpoint, what }: StartedCache, options: EmulateOptions, tell: Tell): void {
  const { host, tls, detached } = options;
  tell(`Cache on ${addressOf(endpoint)}: ${what}.`);
  tell(
    loopback.test(host)
      ? 'Only this machine can reach it.'
      : `Listening on ${host}: everybody in your network can reach the cache, and get its tokens.`,
  );
  if (tls)
    tell('It speaks TLS, which clients leave off on this machine: rediss://, or tls: {} in the options of ioredis.');
  const identity =
    identityFrom(options) === 'workload' ? 'a workload identity' : 'a managed identity (for AKS: --identity workload)';
  tell(
    `new DefaultAzureCredential() gets its tokens here, as ${identity}${detached ? '.' : ', in a terminal with the variables below. Ctrl-C stops it.'}`,
  );
}
