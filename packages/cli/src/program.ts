import { createEmulateCommand, emulate } from '@entra-redis/emulator/command';
import { Command } from 'commander';
import { createDoctorCommand } from './doctor-command.ts';

/** `entra-redis`, with its commands. */
export function createProgram(version: string): Command {
  return new Command('entra-redis')
    .description('Redis on Azure with Microsoft Entra: find out what is wrong, or try it on your own machine')
    .version(version)
    .addCommand(createDoctorCommand())
    .addCommand(createEmulateCommand(emulate));
}
