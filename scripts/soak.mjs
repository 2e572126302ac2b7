#!/usr/bin/env node
// Runs the README's test command many times and tells which runs failed, and on what:
//   npm run test:soak -- --runs 10 [--busy]
// --busy keeps every core occupied by other processes meanwhile. Each run has a seed of its own, which TEST_SEED repeats. The logs stay in out/soak.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const usage = 'usage: npm run test:soak -- [--runs N, default 10] [--busy]';

/** Each child ends by itself when this process is gone. */
const spin = 'const parent = process.ppid; for (let i = 0; ; i++) if (i % 1e7 === 0 && process.ppid !== parent) break;';

function readOptions() {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' }, busy: { type: 'boolean' } } });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${values.runs}: give a whole number from 1`);
  return { runs, busy: values.busy === true };
}

/** A group of processes, which ends with this one. */
let running;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running && process.kill(-running.pid, signal));

async function runTests(number, folder) {
  const seed = 1 + Math.floor(Math.random() * (2 ** 31 - 1));
  const report = join(folder, `${number}.json`);
  const log = createWriteStream(join(folder, `${number}.log`));
  const args = ['test', '--', '--reporter=default', '--reporter=json', `--outputFile=${report}`];
  const startedAt = Date.now();
  running = spawn('npm', args, { cwd: root, env: { ...process.env, TEST_SEED: String(seed) }, detached: true });
  running.stdout.pipe(log, { end: false });
  running.stderr.pipe(log, { end: false });
  const [code, signal] = await once(running, 'close');
  running = undefined;
  log.end();
  // npm and shells end with 128 and more where what they ran was killed.
  const killedBy = signal ?? (code > 128 ? `signal ${code - 128}` : undefined);
  return { number, seed, code, killedBy, durationMs: Date.now() - startedAt, ...readReport(report) };
}

/** A run that wrote no report did not get as far as its tests. */
function readReport(file) {
  try {
    const { testResults, numPassedTests } = JSON.parse(readFileSync(file, 'utf8'));
    const failures = testResults.flatMap(failuresOf);
    const files = testResults.map(({ name, startTime, endTime }) => [relative(root, name), endTime - startTime]);
    return { passed: numPassedTests, failures, files };
  } catch (error) {
    return { passed: 0, failures: [`no report: ${error.message}`], files: [] };
  }
}

function failuresOf({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((each) => each.status === 'failed');
  const file = relative(root, name);
  if (failed.length === 0) return status === 'failed' ? [`${file}: ${message.split('\n')[0]}`] : [];
  return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${failureMessages[0]?.split('\n')[0]}`);
}

const minutes = (ms) => `${Math.floor(ms / 60_000)} min ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`;

function describe({ number, seed, code, killedBy, durationMs, passed, failures }) {
  const verdict = killedBy ? `killed by ${killedBy}: no more runs` : code === 0 ? 'green' : `exit ${code}`;
  return [
    `run ${number}  TEST_SEED=${seed}  ${minutes(durationMs)}  ${passed} passed, ${failures.length} failed  ${verdict}`,
    ...failures.map((line) => `  ${line}`),
  ].join('\n');
}

function slowestFiles(results) {
  const longest = new Map();
  for (const [file, ms] of results.flatMap(({ files }) => files))
    longest.set(file, Math.max(ms, longest.get(file) ?? 0));
  const slowest = [...longest].sort(([, a], [, b]) => b - a).slice(0, 20);
  return slowest.map(([file, ms]) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`).join('\n');
}

async function soak({ runs, busy }) {
  const folder = join(root, 'out', 'soak');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const others = busy
    ? Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', spin]))
    : [];
  const results = [];
  try {
    for (let number = 1; number <= runs && !results.at(-1)?.killedBy; number++) {
      results.push(await runTests(number, folder));
      console.log(describe(results.at(-1)));
    }
  } finally {
    for (const other of others) other.kill();
  }
  const green = results.filter(({ code }) => code === 0).length;
  console.log(`\nThe slowest files, each at its slowest:\n${slowestFiles(results)}`);
  console.log(`\n${green} of ${runs} runs passed${busy ? ' with every core occupied' : ''}`);
  process.exitCode = green === runs ? 0 : 1;
}

try {
  await soak(readOptions());
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
