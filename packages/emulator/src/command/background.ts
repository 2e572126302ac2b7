import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { parseEnv } from 'node:util';
import { listen } from '../listen.ts';
import { UsageError } from './options.ts';

/** Where a request stops the emulator in the background: a URL of loopback that nobody can guess. */
const variable = 'ENTRA_REDIS_EMULATOR';

/** What the process in the background tells the one that started it. */
type Told = { readonly exports: string; readonly said: readonly string[] } | { readonly failed: string };

/** Starts this command again, as a process that outlives this one, and prints its environment once it is ready. */
export async function startInBackground(): Promise<void> {
  const args = process.argv.slice(1).filter((arg) => arg !== '--background');
  const child = spawn(process.execPath, [...args, '--detached'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const told = await new Promise<Told>((resolve) => {
    child.once('message', (message: Told) => resolve(message));
    child.once('error', (error) => resolve({ failed: error.message }));
    // Not `exit`: what it told last comes before.
    child.once('close', (code) => resolve({ failed: `the process in the background ended at once (${code}).` }));
  });
  if ('failed' in told) throw new Error(told.failed);
  for (const line of told.said) console.error(line);
  process.stdout.write(told.exports);
  child.disconnect();
  child.unref();
}

/** Says whether the process that started this one is still there. */
export async function tellStarter(told: Told): Promise<boolean> {
  if (!process.connected) return false;
  const error = await new Promise((resolve) => process.send?.(told, resolve));
  if (process.connected) process.disconnect();
  return !error;
}

/** The way to stop a process in the background. */
export interface StopListener {
  readonly variables: Readonly<Record<string, string>>;
  /** Resolves when somebody asks for it. */
  readonly asked: Promise<void>;
  /** Answers the request once everything has ended. */
  close(): Promise<void>;
}

export async function listenForStop(): Promise<StopListener> {
  const path = `/${randomUUID()}`;
  let asker: ServerResponse | undefined;
  const server = createServer();
  const asked = new Promise<void>((resolve) => {
    server.on('request', (request, response) => {
      if (request.method !== 'DELETE' || request.url !== path) return void response.writeHead(404).end();
      asker = response;
      resolve();
    });
  });
  const listening = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    variables: { [variable]: `http://127.0.0.1:${listening.port}${path}` },
    asked,
    close: async () => {
      // The one who asked may be gone.
      if (asker) await finished(asker.writeHead(204, { connection: 'close' }).end()).catch(() => undefined);
      await listening.close();
    },
  };
}

/** Stops the one that the environment names, or the file that it wrote. */
export async function stopBackground(by: boolean | string): Promise<void> {
  const url = typeof by === 'string' ? inFile(by)[variable] : process.env[variable];
  if (url === undefined) {
    throw new UsageError(
      typeof by === 'string'
        ? `--stop: ${by} is not a file that --background --write-env has written.`
        : `--stop needs ${variable}, which --background prints, or the file that --write-env has written.`,
    );
  }
  const response = await fetch(url, { method: 'DELETE' }).catch(() => undefined);
  if (response?.status !== 204) throw new Error(`no emulator answers at ${variable}: it has ended already.`);
}

const inFile = (file: string): NodeJS.Dict<string> => (existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {});
