import { error, OK, type Reply } from '../../resp/reply.ts';
import { CommandError } from '../args.ts';
import { command } from '../command.ts';
import { call } from '../dispatch.ts';
import { type Command, noReply, type Outcome, type Session } from '../model.ts';

function multi(session: Session): Outcome {
  if (session.transaction !== undefined) throw new CommandError('ERR MULTI calls can not be nested');
  session.transaction = { queue: [], refused: false };
  return OK;
}

function discard(session: Session): Outcome {
  if (session.transaction === undefined) throw new CommandError('ERR DISCARD without MULTI');
  session.transaction = undefined;
  return OK;
}

function exec(session: Session): Outcome | Promise<Outcome> {
  const { transaction } = session;
  if (transaction === undefined) throw new CommandError('ERR EXEC without MULTI');
  if (transaction.refused) {
    session.transaction = undefined;
    return error('EXECABORT Transaction discarded because of previous errors.');
  }
  session.executing = true;
  const outcomes = transaction.queue.map((queued) => call(session, queued.command, queued.args));
  session.executing = false;
  session.transaction = undefined;
  // AUTH and HELLO verify; the others have run at once, so the transaction is atomic all the same.
  const ready = outcomes.filter((outcome): outcome is Outcome => !(outcome instanceof Promise));
  return ready.length === outcomes.length ? flatten(ready) : flattenLater(outcomes);
}

async function flattenLater(outcomes: readonly (Outcome | Promise<Outcome>)[]): Promise<Outcome> {
  const ready: Outcome[] = [];
  for (const outcome of outcomes) ready.push(await outcome);
  return flatten(ready);
}

function flatten(outcomes: readonly Outcome[]): Reply {
  return outcomes.flatMap((outcome): readonly Reply[] => {
    if (outcome === noReply) return [];
    if (outcome !== null && typeof outcome === 'object' && 'replies' in outcome) return outcome.replies;
    return [outcome];
  });
}

export const transactionCommands: readonly Command[] = [
  command('multi', 1, 'noscript loading stale fast', undefined, multi),
  command('exec', 1, 'noscript loading stale', undefined, exec),
  command('discard', 1, 'noscript loading stale fast', undefined, discard),
];
