import { createTokenManager, type TokenManager } from '@entra-redis/token-manager';
import { type Lane, ioredisLane, nodeRedisLane } from './clients.ts';
import { type DemoOptions, parseOptions } from './options.ts';
import { explain } from './explain.ts';
import { faults, type LaneResult, summaryLines } from './summary.ts';
import { createView, type View } from './view.ts';
import { createCredential, startWorld, type World } from './world.ts';
import { Workload } from './workload.ts';

interface Runner {
  readonly lane: Lane;
  readonly workload: Workload;
  rotations: number;
}

function createManager(world: World, options: DemoOptions): TokenManager {
  const username = options.objectId === undefined ? {} : { username: options.objectId };
  // Nobody watches a demo that stands still for the half minute of the default.
  return createTokenManager(createCredential(world.entra, options), { ...username, requestTimeoutMs: 10_000 });
}

/** Prints a line for each connection that took a new token. */
function watchRotations(runner: Runner, view: View): void {
  let pending = 0;
  runner.lane.manager.subscribe((event) => {
    if (event.type !== 'reauthenticated') return;
    pending += 1;
    if (pending < 2) return;
    pending = 0;
    runner.rotations += 1;
    void Promise.all(
      (['commands', 'subscriber'] as const).map(async (role) => {
        const clientId = await runner.lane.clientId(role);
        view.rotation({ at: Date.now(), lane: runner.lane.name, role, clientId, expiresAt: event.expiresAt });
      }),
    ).catch(() => undefined);
  });
}

/** Rejects with the manager's own words where the cache refuses the token: node-redis has only the server's. */
async function logIn(lane: Lane): Promise<void> {
  let refused: Error | undefined;
  const unsubscribe = lane.manager.subscribe((event) => {
    if (event.type === 'refused') refused = event.error;
  });
  try {
    await lane.manager.credentials();
    await lane.connect();
  } catch (error) {
    throw refused ?? error;
  } finally {
    unsubscribe();
  }
}

async function run(options: DemoOptions, world: World): Promise<LaneResult[]> {
  const lanes = [nodeRedisLane, ioredisLane].map((create) => create(createManager(world, options), world.cache));
  try {
    for (const lane of lanes) {
      await logIn(lane);
    }
    const runners: Runner[] = lanes.map((lane) => ({ lane, workload: new Workload(lane), rotations: 0 }));
    const view = createView(runners);
    view.line(`Local Entra: ${world.entra.authorityHost}, tokens live ${options.lifetime} s, by ${options.credential}`);
    view.line(`Cache: ${world.cache.host}:${world.cache.port}, ${world.description}`);
    for (const runner of runners) {
      watchRotations(runner, view);
      await runner.workload.start();
    }
    await new Promise((resolve) => setTimeout(resolve, options.seconds * 1000));
    await Promise.all(runners.map(({ workload }) => workload.stop()));
    view.stop();
    return runners.map(({ lane, workload, rotations }) => ({ lane, rotations, tally: workload.tally }));
  } finally {
    for (const lane of lanes) {
      await lane.close();
      lane.manager.close();
    }
  }
}

async function main(options: DemoOptions): Promise<number> {
  const world = await startWorld(options);
  try {
    const results = await run(options, world);
    console.log(`\n${summaryLines(results).join('\n')}\n`);
    const found = results.flatMap(faults);
    console.log(found.length === 0 ? 'Nothing failed.' : found.join('\n'));
    return found.length === 0 ? 0 : 1;
  } finally {
    await world.close();
  }
}

const options = parseOptions(process.argv.slice(2));
try {
  process.exitCode = await main(options);
} catch (error) {
  console.error(`demo: ${explain(error, options)}`);
  // A request that the identity provider never answers would keep the process: MSAL takes no signal.
  process.exit(1);
}
