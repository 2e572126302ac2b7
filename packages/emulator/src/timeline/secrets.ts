import { createHash } from 'node:crypto';

/** Stands for a secret in the timeline: equal secrets have equal digests, and nothing leads back. */
export function digest(secret: string | Buffer): string {
  return `<${createHash('sha256').update(secret).digest('hex').slice(0, 8)}>`;
}

/** Longest argument shown in full. */
const shownLength = 64;
const looksLikeToken = /eyJ[\w-]{6,}\.[\w-]+/;

/**
 * The arguments of a command for the timeline: passwords of AUTH, HELLO and the like and anything that looks like a JSON web token
 * become digests, long arguments are shortened.
 */
export function showArgs(args: readonly Buffer[]): string[] {
  const secret = secretPositions(args);
  return args.map((argument, index) => (secret.has(index) ? digest(argument) : showArgument(argument)));
}

function showArgument(argument: Buffer): string {
  const text = argument.subarray(0, 4096).toString('utf8');
  if (looksLikeToken.test(text)) return digest(argument);
  return argument.length <= shownLength ? text : `${text.slice(0, shownLength)}… (${argument.length} bytes)`;
}

function secretPositions(args: readonly Buffer[]): ReadonlySet<number> {
  const found = new Set<number>();
  const command = String(args[0]?.subarray(0, 16)).toUpperCase();
  const from = (start: number): void => {
    for (let index = start; index < args.length; index++) found.add(index);
  };
  // A malformed AUTH may have the password anywhere.
  if (command === 'AUTH') from(args.length === 3 ? 2 : 1);
  else if (command === 'HELLO') helloSecrets(args, found);
  else if (command === 'MIGRATE') from(6);
  else if (command === 'CONFIG' || command === 'ACL') from(3);
  return found;
}

/** Everything after AUTH but the user name, and SETNAME with its name, which follow a well-formed one. */
function helloSecrets(args: readonly Buffer[], found: Set<number>): void {
  for (let index = 2; index < args.length; index++) {
    const option = String(args[index]?.subarray(0, 8)).toUpperCase();
    if (option === 'AUTH') {
      found.add(index + 2);
      index += 2;
    } else if (option === 'SETNAME') index += 1;
    else found.add(index);
  }
}
