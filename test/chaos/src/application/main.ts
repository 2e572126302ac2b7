// The process under test: it runs one client's adapter under load, and is paused, cut off and lied to from outside.
import { Application } from './application.ts';
import { Findings } from './findings.ts';
import type { FromApplication, ToApplication } from '../protocol.ts';

const send = (message: FromApplication): void => void process.send?.(message);
const findings = new Findings((violation) => send({ type: 'violation', ...violation }));
findings.watchProcess();
let application: Application | undefined;
/** The run was killed: its clients would connect again for ever. */
const endWithRun = (): void => process.exit(1);
process.on('disconnect', endWithRun);

async function receive(message: ToApplication): Promise<void> {
  switch (message.type) {
    case 'start': {
      application = new Application(message.options, findings, send);
      return await application.start();
    }
    case 'jump':
      return application?.jump(message.byMs);
    case 'set-clock':
      return application?.setClock(message.aheadMs);
    case 'credential':
      return application?.setCredential(message.mode);
    case 'move':
      return await application?.move(message);
    case 'calm':
      return await application?.recover();
    case 'strict':
      return application?.beStrict(true);
    case 'misbehave':
      return await application?.misbehave();
    case 'storm':
      return application?.beStrict(false);
    case 'stop': {
      await application?.stop();
      application = undefined;
      // Nothing else may keep this process alive.
      process.off('disconnect', endWithRun).disconnect();
    }
  }
}

process.on('message', (message: ToApplication) => {
  receive(message).catch((error: unknown) => findings.broken(message.type, error));
});
