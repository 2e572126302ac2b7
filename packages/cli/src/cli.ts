#!/usr/bin/env node
import { createRequire } from 'node:module';
import { createEmulateCommand, emulate, explain } from '@entra-redis/emulator/command';
import { Command, CommanderError } from 'commander';
import { createDoctorCommand } from './doctor-command.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const usage = 2;

// The reader of the output (head, less) has gone: nothing is left to do.
process.stdout.on('error', () => process.exit(141));

const program = new Command('entra-redis')
  .description('Redis on Azure with Microsoft Entra: find out why a connection fails, or try it on your machine')
  .version(version)
  .addCommand(createDoctorCommand())
  .addCommand(createEmulateCommand(emulate));
for (const command of [program, ...program.commands]) command.exitOverride();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said it already.
    process.exitCode = error.exitCode === 0 ? 0 : usage;
  } else {
    console.error(`entra-redis: ${explain(error)}`);
    const { code, exitCode = 1 } = error as { code?: unknown; exitCode?: number };
    process.exitCode = code === 'USAGE' ? usage : exitCode;
  }
}
// A credential that was given up may still hold connections open.
process.exit();
