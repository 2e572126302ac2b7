#!/usr/bin/env node
import { emulate } from './emulate.ts';
import { createEmulateCommand, explain } from './options.ts';

try {
  await createEmulateCommand(emulate).name('entra-redis-emulator').parseAsync();
} catch (error) {
  console.error(`entra-redis-emulator: ${explain(error)}`);
  process.exitCode = 1;
}
