#!/usr/bin/env node
import { emulate } from './cli/emulate.ts';
import { explain } from './cli/explain.ts';
import { createEmulateCommand } from './cli/options.ts';

try {
  await createEmulateCommand(emulate).name('entra-redis-emulator').parseAsync();
} catch (error) {
  console.error(`entra-redis-emulator: ${explain(error)}`);
  process.exitCode = 1;
}
