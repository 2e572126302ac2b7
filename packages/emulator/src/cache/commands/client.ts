import { subscribeToMaintenance } from '../../policy/maintenance.ts';
import { error, OK } from '../../resp/reply.ts';
import { type Args, CommandError, textAt } from '../args.ts';
import { command, container } from '../command.ts';
import type { Command, Outcome, Session } from '../model.ts';

/** What a name may consist of. */
const isPlain = (text: string): boolean => /^[!-~]*$/.test(text);

export function setName(session: Session, name: string): void {
  if (!isPlain(name)) {
    throw new CommandError('ERR Client names cannot contain spaces, newlines or special characters.');
  }
  session.name = name;
}

/** Clients tell their library; nobody asks for it here. */
function setInfo(_session: Session, args: Args): Outcome {
  const attribute = textAt(args, 2).toLowerCase();
  if (attribute !== 'lib-name' && attribute !== 'lib-ver') {
    return error(`ERR Unrecognized option '${textAt(args, 2)}'`);
  }
  if (isPlain(textAt(args, 3))) return OK;
  return error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`);
}

function maintNotifications(session: Session, args: Args): Outcome {
  if (!session.node.context.maintenanceNotifications) {
    throw new CommandError(`ERR unknown subcommand '${textAt(args, 1)}'. Try CLIENT HELP.`);
  }
  const { reply, ...change } = subscribeToMaintenance(args, session.resp);
  if ('wants' in change) session.maintenance = change.wants;
  return reply;
}

const flags = 'noscript loading stale';
export const clientCommands: readonly Command[] = [
  container('client', '', [
    command('id', 2, flags, undefined, (session) => session.id),
    command('getname', 2, flags, undefined, (session) => (session.name === '' ? null : session.name)),
    command('setname', 3, flags, undefined, (session, args) => {
      setName(session, textAt(args, 2));
      return OK;
    }),
    command('setinfo', 4, flags, undefined, setInfo),
    command('maint_notifications', -3, flags, undefined, maintNotifications),
  ]),
];
