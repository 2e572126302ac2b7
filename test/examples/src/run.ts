import { type Application, folderOf, startApplication } from './application.ts';
import { startEmulator } from './emulator.ts';
import type { Example } from './examples.ts';
import { loginLines, type Rotations, rotationsIn } from './rotations.ts';
import { Tally } from './tally.ts';
import { until } from './until.ts';

export interface RunOptions {
  readonly rotations: number;
  readonly lifetimeMs: number;
  readonly tell?: (line: string) => void;
  /** Default: that of the example. */
  readonly folder?: string;
}

export interface Report extends Rotations {
  readonly counts: Readonly<Record<string, number>>;
  /** What went wrong, in words; empty where nothing did. */
  readonly failures: readonly string[];
  /** For whoever looks for the cause of one. */
  readonly logins: string;
}

/** Runs an example under load until each of its connections has logged in again often enough, then asks it to end. */
export async function runExample(name: string, example: Example, options: RunOptions): Promise<Report> {
  const ends: (() => Promise<void>)[] = [];
  try {
    return await run(name, example, options, ends);
  } finally {
    for (const end of ends) await end();
  }
}

async function run(
  name: string,
  example: Example,
  { folder = folderOf(name), tell = () => undefined, ...limits }: RunOptions,
  ends: (() => Promise<void>)[],
): Promise<Report> {
  const emulator = await startEmulator(example.target, limits.lifetimeMs);
  ends.unshift(() => emulator.close());
  const { timeline } = emulator.target;
  const companion = await example.startCompanion?.();
  if (companion !== undefined) ends.unshift(() => companion.close());
  const env = { ...emulator.env, ...example.env, ...companion?.env };
  const applications: Application[] = [];
  ends.unshift(async () => void (await Promise.all(applications.map((application) => application.stop()))));
  for (let i = 0; i < (example.instances ?? 1); i += 1) applications.push(await startApplication(folder, env, tell));

  const tally = new Tally();
  const load = await example.traffic(
    applications.map(({ url }) => url),
    tally,
  );
  const look = (): Rotations => {
    if (applications.some(({ exitCode }) => exitCode !== undefined))
      throw new Error('The application ended by itself.');
    return rotationsIn(timeline);
  };
  await untilRotated(look, limits, tell).catch((error: unknown) => tally.fail(error));
  await load.stop();
  const seen = rotationsIn(timeline);
  await Promise.all(applications.map((application) => application.stop()));
  companion?.check(emulator.target, tally);
  const failures = [...tally.failures, ...faults(example, seen, tally, applications)];
  return { ...seen, counts: tally.counts, failures, logins: loginLines(timeline) };
}

async function untilRotated(
  look: () => Rotations,
  { rotations, lifetimeMs }: Pick<RunOptions, 'rotations' | 'lifetimeMs'>,
  tell: (line: string) => void,
): Promise<void> {
  let told = 0;
  await until(`${rotations} rotations`, lifetimeMs * (rotations + 2), () => {
    const seen = look();
    if (seen.rotations > told) {
      told = seen.rotations;
      tell(`Rotation ${told}: each of ${seen.connections} connections has logged in again.`);
    }
    return seen.rotations >= rotations;
  });
}

function faults(
  { target }: Example,
  seen: Rotations,
  { counts }: Tally,
  applications: readonly Application[],
): string[] {
  const found: string[] = [];
  if (Object.keys(counts).length === 0) found.push('Nothing was done.');
  // A cluster closes the connection by which it learned of the nodes.
  if (seen.ended > 0 && target !== 'redis-cluster') found.push(`${seen.ended} connections had to be made anew.`);
  if (seen.expired > 0) found.push(`${seen.expired} connections were cut because their token had expired.`);
  if (seen.repeated > 0) found.push(`${seen.repeated} logins were with a token that the connection had already.`);
  for (const { complaints, exitCode } of applications) {
    if (exitCode !== 0) found.push(`The application ended with ${exitCode} instead of exit code 0.`);
    if (complaints.length > 0) found.push(`The application complained:\n${complaints.join('\n')}`);
  }
  return found;
}
