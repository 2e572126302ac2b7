import { OK } from '../../resp/reply.ts';
import { type Args, CommandError, syntaxError, textAt, wordAt } from '../args.ts';
import type { Outcome, Session } from '../model.ts';

type Filter = (other: Session) => boolean;

/** CLIENT KILL, old form (an address) and new form (filters): https://redis.io/docs/latest/commands/client-kill/. */
export function killClients(session: Session, args: Args): Outcome {
  if (args.length === 3) {
    const victims = matching(session, [(other) => other.address === textAt(args, 2)]);
    if (victims.length === 0) throw new CommandError('ERR No such client');
    kill(session, victims);
    return OK;
  }
  if (args.length % 2 === 1) throw syntaxError();
  const filters: Filter[] = [];
  let skipMe = true;
  for (let index = 2; index < args.length; index += 2) {
    if (wordAt(args, index) === 'SKIPME') skipMe = yesNo(wordAt(args, index + 1));
    else filters.push(filterFrom(wordAt(args, index), textAt(args, index + 1)));
  }
  if (skipMe) filters.push((other) => other !== session);
  const victims = matching(session, filters);
  kill(session, victims);
  return victims.length;
}

function yesNo(word: string): boolean {
  if (word !== 'YES' && word !== 'NO') throw syntaxError();
  return word === 'YES';
}

function filterFrom(option: string, value: string): Filter {
  switch (option) {
    case 'ID':
      if (!/^[1-9]\d{0,15}$/.test(value)) throw new CommandError('ERR client-id should be greater than 0');
      return (other) => other.id === Number(value);
    case 'TYPE':
      if (!['normal', 'master', 'replica', 'slave', 'pubsub'].includes(value.toLowerCase())) {
        throw new CommandError(`ERR Unknown client type '${value}'`);
      }
      return (other) => (other.subscriber ? 'pubsub' : 'normal') === value.toLowerCase();
    case 'ADDR':
      return (other) => other.address === value;
    case 'LADDR':
      return (other) => other.localAddress === value;
    case 'USER':
      return (other) => other.login.current?.username === value;
    default:
      throw syntaxError();
  }
}

function matching(session: Session, filters: readonly Filter[]): Session[] {
  return [...session.node.sessions.values()].filter((other) => filters.every((filter) => filter(other)));
}

function kill(session: Session, victims: readonly Session[]): void {
  // Who kills itself hears the answer first.
  for (const victim of victims) victim.output.close('CLIENT KILL', { flush: victim === session });
}
