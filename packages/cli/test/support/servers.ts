import { type EntraServer, startEntra } from '@entra-redis/emulator';
import { afterEach } from 'vitest';
import type { Report } from '../../src/report.ts';
import { type Azure, diagnose, identity, networkTo, startAzure } from './doctor.ts';
import { type Answer, type FakeServer, startFakeServer } from './fake-server.ts';

export interface Servers {
  /** See `startAzure`. */
  readonly azureWith: (...options: Parameters<typeof startAzure>) => Promise<Azure>;
  /** Runs the doctor against a server that answers as a working one, but for what `answer` says. */
  readonly diagnoseFake: (answer: Answer) => Promise<Report>;
  /** Closed after the test. */
  readonly keep: (entra: EntraServer, server: FakeServer) => void;
}

/** Servers of single tests, closed after each. */
export function serversOfTests(): Servers {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  return {
    keep: (...servers) => void open.push(...servers),
    azureWith: async (...options) => {
      const azure = await startAzure(...options);
      open.push({ close: () => Promise.resolve(azure[Symbol.asyncDispose]()) });
      return azure;
    },
    diagnoseFake: async (answer) => {
      const entra = await startEntra(identity);
      const server = await startFakeServer((command, args, socket) => answer(command, args, socket) ?? '+OK\r\n');
      open.push(server, entra);
      return await diagnose(entra, {
        host: `127.0.0.1:${server.port}`,
        plainText: true,
        network: networkTo(server.port),
        timeoutMs: 1000,
      });
    },
  };
}
