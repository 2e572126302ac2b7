import { dataCommands } from '../cache/commands/table.ts';
import { forbiddenToReaders, noPermission } from '../policy/access.ts';
import type { Expected } from './expected.ts';

export function refusalOf(name: string): Expected {
  return { kind: 'refusal', text: noPermission(name.toLowerCase()) };
}

/** Whether a reader may not send this command (upper case words) to the upstream; what the emulator does not know may write. */
export function isForbidden([name = '', sub = '']: readonly string[]): boolean {
  const command = dataCommands.get(name.toLowerCase());
  return forbiddenToReaders(command?.subcommands?.get(sub.toLowerCase())?.flags ?? command?.flags);
}
