import { drivers, globMatcher, redisClusterCertificates, type Target, targets } from '@entra-redis/conformance';
import { checkedOutCommit } from '@entra-redis/conformance/driver-kit';
import { Command, InvalidArgumentError } from 'commander';
import { invariants } from './protocol.ts';
import type { Results, RunRound } from './report/record.ts';
import { writeDocs, writeReport } from './report/results.ts';
import { upstreamReason } from './judge/upstream.ts';
import { runRound } from './run/round.ts';
import type { RoundOptions, RoundResult } from './run/round-types.ts';
import { missedIn, type SabotageResult, wrongName } from './judge/sabotage.ts';
import { describeStep, planRound } from './schedule/plan.ts';

interface Options {
  seconds: number;
  seed: number;
  client: string;
  target: string;
  jobs: number;
  list?: boolean;
  sabotage?: boolean;
  quiet?: boolean;
  beside?: string;
  report?: string;
  docs?: string;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number of at least 1.');
};

const options = new Command('npm run chaos --')
  .description('Runs clients through random faults on real servers. Exits with 1 if a rule is broken.')
  .option('--seconds <n>', 'time for each client, shared by its targets', wholeNumber, 60)
  .option('--seed <n>', 'repeat the faults of an earlier run', wholeNumber, 1 + Math.floor(Math.random() * 2 ** 31))
  .option('--client <glob>', 'clients, for example ioredis* or *', 'ioredis@6*,node-redis@6*')
  .option('--target <glob>', 'targets', 'redis-*')
  .option('--jobs <n>', 'how many clients run at the same time', wholeNumber, 1)
  .option('--list', 'list the faults without running them')
  .option('--sabotage', 'break rules on purpose in each round; exits with 1 if one goes unnoticed')
  .option('--quiet', 'do not print each fault')
  .option('--beside <words>', 'what else the machine is doing, for the page')
  .option('--report <folder>', 'write chaos.json to this folder, with the wire timelines of violations')
  .option('--docs <folder>', 'update chaos.md and chaos.json in this folder; rounds that do not run again stay')
  .parse()
  .opts<Options>();

interface Plan {
  readonly client: string;
  readonly targets: readonly Target[];
  /** Names of the subscribers that the application has. */
  readonly subscribers: readonly string[];
  /** Its user can change the address of a live client. */
  readonly movable: boolean;
}

/** The suite's, and one that only chaos has. */
const allTargets: readonly Target[] = [...targets, redisClusterCertificates];

function plans(): readonly Plan[] {
  const isTarget = globMatcher(options.target);
  const isClient = globMatcher(options.client);
  const found = drivers
    .map((driver) => ({
      client: `${driver.name}@${driver.clientVersion}`,
      movable: driver.capabilities['options-changed'] === true,
      subscribers: driver.resp.map((version) => `subscriber-${version}`),
      targets: allTargets.filter(({ name, topology, simulated }) => {
        return (
          isTarget(name) && simulated !== true && (topology === 'standalone' || driver.capabilities[topology] === true)
        );
      }),
    }))
    .filter(({ client, targets: chosen }) => isClient(client) && chosen.length > 0);
  if (found.length === 0) throw new RangeError('--client and --target name nothing');
  return found;
}

const isMovable = (plan: Plan, { topology }: Target): boolean => plan.movable && topology === 'standalone';

function roundOf(plan: Plan, target: Target): RoundOptions {
  const { client } = plan;
  const { seed, quiet, jobs, sabotage = false } = options;
  const name = `${client} on ${target.name}`;
  const onStep = (line: string): void => console.log(jobs > 1 ? `${name}: ${line}` : line);
  console.log(name);
  const movable = isMovable(plan, target);
  return { client, target, seed, sabotage, movable, seconds: shareOf(plan), ...(quiet ? {} : { onStep }) };
}

/** Seconds for each target. */
const shareOf = ({ targets: { length } }: Plan): number => options.seconds / length;

async function runClient(plan: Plan): Promise<RoundResult[]> {
  const rounds: RoundResult[] = [];
  for (const target of plan.targets) {
    const startedAt = new Date().toISOString();
    const round = await runRound(roundOf(plan, target));
    show(round);
    publish({ rounds: [withRun(round, startedAt)], sabotage: [] });
    rounds.push(round);
  }
  return rounds;
}

async function sabotageClient(plan: Plan): Promise<SabotageResult[]> {
  const results: SabotageResult[] = [];
  for (const target of plan.targets) {
    const { client, seed, violations } = await runRound(roundOf(plan, target));
    const missed = missedIn(violations, { ...plan, movable: isMovable(plan, target) });
    if (target === redisClusterCertificates && (await connectsAllTheSame(plan, target))) missed.push(wrongName);
    const verdict = missed.length === 0 ? 'noticed all' : `MISSED  ${missed.join(', ')}`;
    console.log(`${verdict}  ${client} on ${target.name}, ${violations.length} violations`);
    // What ended a round early is why the rest was missed.
    if (missed.length > 0)
      for (const { invariant, detail } of violations)
        if (invariant === 'recovers') console.log(`  ${detail.slice(0, 500)}`);
    const result = { client, target: target.name, seed, missed };
    publish({ rounds: [], sabotage: [result] });
    results.push(result);
  }
  return results;
}

/** Expecting of every node the name that only the first one shows. */
async function connectsAllTheSame(plan: Plan, target: Target): Promise<boolean> {
  const start: Target['start'] = async (how) => {
    const running = await target.start(how);
    return { ...running, endpoint: { ...running.endpoint, servername: 'localhost' } };
  };
  const { violations } = await runRound({ ...roundOf(plan, { ...target, start }), sabotage: false, seconds: 1 });
  return !violations.some(({ invariant }) => invariant === 'recovers');
}

function show({ client, target, violations, upstream, storms, counts, wire, trace, lastSteps }: RoundResult): void {
  const faults = storms.reduce((sum, storm) => sum + storm.faults, 0);
  const slowest = Math.max(0, ...storms.map(({ recoveredMs }) => recoveredMs));
  const verdict = violations.length === 0 ? 'held' : 'BROKE';
  const work = `${counts?.commands ?? '?'} commands (${counts?.failed ?? '?'} failed), ${counts?.messages ?? '?'} messages`;
  console.log(
    `${verdict}  ${client} on ${target}: ${faults} faults in ${storms.length} storms, back after ${slowest} ms at most; ${work}, ${wire.logins} logins`,
  );
  if (upstream.length > 0) console.log(`  caused by the client itself, ${upstream.length} times: ${upstreamReason}`);
  if (violations.length === 0) return;
  console.log(`the last faults:\n${lastSteps.join('\n').replace(/^/gm, '  | ')}`);
  if (trace !== undefined) console.log(`the wire when it broke first:\n${trace.replace(/^/gm, '  | ')}`);
  for (const { invariant, detail } of violations)
    console.log(`broken: ${invariants[invariant]}\n  ${detail.replaceAll('\n', '\n  ')}`);
  const { seed, seconds } = options;
  console.log(
    `again: npm run chaos -- --seed ${seed} --seconds ${seconds} --client '${client}' --target '${options.target}'`,
  );
}

function list(): void {
  const { seed } = options;
  for (const each of plans()) {
    for (const target of each.targets) {
      const { client } = each;
      const { name, topology } = target;
      console.log(`${client} on ${name}`);
      const movable = isMovable(each, target);
      const { storms, calms } = planRound({ seed, client, target: name, topology, movable, seconds: shareOf(each) });
      for (const [index, storm] of storms.entries())
        console.log([...storm.map(describeStep), `calm ${calms[index]}`].join('\n'));
    }
  }
}

/** At once: a long run may be broken off. */
function publish(results: Required<Results>): void {
  if (options.docs !== undefined) writeDocs(options.docs, results);
}

/** When it was, of what, and beside what. */
function withRun(round: RoundResult, startedAt: string): RunRound {
  return { ...round, run: { startedAt, commit: checkedOutCommit(), beside: options.beside ?? 'not told' } };
}

async function main(): Promise<number> {
  const waiting = [...plans()];
  console.log(
    `seed ${options.seed}, ${options.seconds} s for each of ${waiting.map(({ client }) => client).join(', ')}`,
  );
  if (options.list) return list() ?? 0;
  if (options.sabotage) {
    const sabotage = await runJobs(waiting, sabotageClient);
    return verdictOf(sabotage.map(({ missed }) => missed.length === 0));
  }
  const rounds = await runJobs(waiting, runClient);
  if (options.report !== undefined) writeReport(options.report, rounds);
  return verdictOf(rounds.map(({ violations }) => violations.length === 0));
}

/** `--jobs` clients at a time. */
async function runJobs<T>(waiting: Plan[], run: (plan: Plan) => Promise<readonly T[]>): Promise<T[]> {
  const results: T[] = [];
  const worker = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) results.push(...(await run(plan)));
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return results;
}

function verdictOf(passed: readonly boolean[]): number {
  const broken = passed.filter((each) => !each).length;
  console.log(`${passed.length - broken} passed, ${broken} failed`);
  return broken === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`chaos: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
