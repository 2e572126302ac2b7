import { drivers } from '../../src/drivers/adapter-drivers.ts';
import type { Session } from '../../src/driver/driver.ts';
import { type Case, planCases } from '../../src/runner/plan.ts';
import type { Context } from '../../src/scenarios/scenario.ts';
import { fake } from '../../src/targets/fake.ts';
import { driverOf, scenarioOf } from '../support.ts';

/** Its token expires, there is no other, and it connects again: some before they ask for credentials, some after that. */
async function waitsForToken(context: Context, session: Session): Promise<void> {
  const { entra, timeline } = context.target;
  entra.fail({ kind: 'hang' }, Number.POSITIVE_INFINITY);
  await context.eventually('it has lost its connection', async () => {
    const events = timeline.landmarks.map(({ event }) => event);
    return events.includes('expired') && (await session.connected()) === false;
  });
  if (context.driver.name === 'node-redis')
    await context.eventually('it connects again', () => timeline.landmarks.at(-1)?.event === 'open');
}

const closedWhileWaiting = scenarioOf(
  'closing/waits-for-token',
  async (context) => {
    const session = await context.connect();
    await session.subscribe('news', () => undefined);
    await waitsForToken(context, session);
    await session.close();
  },
  { resp: [2, 3] },
);

const leavesRejection = driverOf(
  'leaves-rejection',
  '1.0.0',
  {},
  {
    close: async () => void Promise.reject(new Error('left behind')),
  },
);
const closed = scenarioOf('closing/closed', async (context) => (await context.connect()).close());

/** The first by a driver that leaves a rejection behind. */
export const cases: readonly Case[] = [
  ...planCases({ scenarios: [closed], drivers: [leavesRejection], targets: [fake] }),
  ...planCases({ scenarios: [closedWhileWaiting], drivers, targets: [fake] }),
];
