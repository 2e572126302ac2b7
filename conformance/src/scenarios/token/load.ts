import assert from 'node:assert/strict';
import type { OpenOptions, Context } from '../scenario.ts';
import { assertNothingExpired, repeatUntilStopped } from '../steps.ts';
import { lostOtherwise, missing, publishTo, subscribeToAll, untilNoneIsLost } from '../subscriptions.ts';

const pauseMs = 10;

/** Commands and messages go on meanwhile: none fails, none is lost, and the server has nothing to cut. */
export async function underLoad(
  context: Context,
  meanwhile: () => Promise<void>,
  application?: OpenOptions['application'],
): Promise<void> {
  const options = application === undefined ? {} : { application };
  const session = await context.connect(options);
  const subscriber = await context.connect(options);
  const subscriptions = await subscribeToAll(context, subscriber, session);
  const commands = repeatUntilStopped(async (round) => {
    assert.equal(await session.command('SET', 'load', String(round)), 'OK');
    assert.equal(await session.command('GET', 'load'), String(round));
  }, pauseMs);
  const publishing = publishTo(subscriptions, pauseMs);
  const waitedInVain: unknown = await meanwhile().then(
    () => undefined,
    (error: unknown) => error,
  );
  // What failed meanwhile says more.
  assert.ok((await commands.stop()) > 0);
  const published = await publishing.stop();
  if (waitedInVain !== undefined) throw waitedInVain;
  assertNothingExpired(context);
  const lossless = context.resp === 3 || context.supports('resp2-subscriber-lossless');
  const lost = lossless ? missing : lostOtherwise.bind(undefined, context.target.timeline);
  await untilNoneIsLost(context, subscriptions, published, lost);
}
