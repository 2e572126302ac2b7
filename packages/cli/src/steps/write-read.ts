import { errorText, type Reply } from '@entra-redis/emulator/resp';
import { ask, Ended } from './ask.ts';
import { failed, ok, warning } from '../finding.ts';
import { textOf } from '../io/resp-session.ts';
import type { Finding, Step, Visit } from '../types.ts';
import { explainReply } from '../words/server-errors.ts';

/** https://redis.io/docs/latest/commands/set/ */
export const writeRead: Step = { id: 'write-read', title: 'Write and read', exitCode: 18, run };

const lifeSeconds = 60;
/** A node of a cluster takes only keys of its own slots: with 50 masters, 500 random keys miss in 1 of 24,000 runs. */
const mostTries = 500;

async function run(visit: Visit): Promise<Finding> {
  if (!visit.options.write) return ok('Skipped, as requested by --no-write.');
  const value = visit.io.random();
  const key = await write(visit, value);
  const reply = await ask(visit, 'GET', key);
  const refused = errorText(await ask(visit, 'DEL', key));
  const unread = errorText(reply);
  if (unread !== undefined) return explainReply('GET', unread, visit);
  const read = textOf(reply);
  if (read !== value) {
    const found = `The key ${key} was written, and read as ${read === undefined ? 'nothing' : 'something else'}.`;
    return failed('read-differs', found);
  }
  const details = { key };
  if (refused === undefined) return ok(`The key ${key} was written, read and deleted.`, { details });
  return warning(
    'delete-refused',
    `The key ${key} was written and read; DEL is refused, so it expires by itself within ${lifeSeconds} s.`,
    {
      details,
      lines: [`The server said: ${refused}`],
    },
  );
}

async function write(visit: Visit, value: string): Promise<string> {
  let reply: Reply = null;
  for (let tries = 0; tries < mostTries; tries++) {
    const key = `${visit.options.keyPrefix}${visit.io.random()}`;
    reply = await ask(visit, 'SET', key, value, 'EX', String(lifeSeconds));
    const text = errorText(reply);
    if (text === undefined) return key;
    if (!text.startsWith('MOVED ')) throw new Ended(explainReply('SET', text, visit));
  }
  throw new Ended(
    failed(
      'write-moved',
      `None of ${mostTries} random keys belongs to this node of the cluster: it has hardly any slots.`,
      {
        lines: [`The server said: ${errorText(reply)}`],
        remedies: [{ text: 'Connect to the name of the cache, or to a master that has slots.' }],
      },
    ),
  );
}
