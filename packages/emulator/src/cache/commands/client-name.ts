import { CommandError } from '../args.ts';
import type { Session } from '../model.ts';

/** Whether a name or a library's name may be shown in CLIENT LIST. */
export function isPlain(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

export function setName(session: Session, name: string): void {
  if (!isPlain(name)) {
    throw new CommandError('ERR Client names cannot contain spaces, newlines or special characters.');
  }
  session.name = name;
}
