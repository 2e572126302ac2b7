import assert from 'node:assert/strict';
import type { Application } from '../../driver/driver.ts';
import type { Scenario } from '../scenario.ts';
import { assertNothingExpired, assertOneAuthPerToken, repeatUntilStopped, rotate } from '../steps.ts';

const rotations = 5;
/** Those of the queue, the worker (one of them blocked) and QueueEvents. */
const connections = 4;

export const lifeBullmq: Scenario = {
  id: 'life/bullmq',
  title: `${rotations} rotations while BullMQ works: every job runs once, none stalls, nobody sees an error`,
  why: 'https://github.com/taskforcesh/bullmq/issues/3668: workers block for most of their life, on duplicates that keep the token of their birth',
  requires: ['bullmq'],
  topologies: ['standalone'],
  realServer: true,
  resp: [2],
  async run(context) {
    const application = context.application as Required<Application>;
    const queue = await application.openQueue(context.target.endpoint, 'jobs');
    try {
      const adding = repeatUntilStopped((round) => queue.add(String(round)), 20);
      await rotate(context, connections, rotations);
      const added = await adding.stop();
      await context.eventually(
        'every job is reported as done',
        async () => (await queue.completed()).length >= added,
        context.scaled(15_000),
      );
      const jobs = Array.from({ length: added }, (_, i) => String(i));
      assert.deepEqual([...(await queue.ran())].sort(), [...jobs].sort(), 'each job runs once');
      assert.deepEqual([...(await queue.completed())].sort(), [...jobs].sort());
      assert.deepEqual(await queue.troubles(), []);
      assertOneAuthPerToken(context);
      assertNothingExpired(context);
    } finally {
      await queue.close();
    }
  },
};
