import { globMatcher, targets } from '@entra-redis/conformance';
import { drivers } from '@entra-redis/conformance';
import { Command, InvalidArgumentError } from 'commander';
import { runRound, type RoundResult } from './round.ts';

interface Options {
  seconds: number;
  seed: number;
  client: string;
  target: string;
  quiet?: boolean;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number of at least 1.');
};

const options = new Command('npm run chaos --')
  .option('--seconds <n>', 'for each client, shared by its targets', wholeNumber, 60)
  .option('--seed <n>', 'repeat the schedule of a former run', wholeNumber, 1 + Math.floor(Math.random() * 2 ** 31))
  .option('--client <glob>', 'clients', 'ioredis@6*,node-redis@6*')
  .option('--target <glob>', 'targets', 'redis-*')
  .option('--quiet', 'do not print each fault')
  .parse()
  .opts<Options>();

function show(result: RoundResult): void {
  const { trace, violations, lastSteps, ...rest } = result;
  console.log(JSON.stringify(rest, undefined, 1));
  if (violations.length > 0) {
    console.log(trace);
    console.log(lastSteps.join('\n'));
  }
  for (const { invariant, detail } of violations) console.log(`VIOLATION ${invariant}: ${detail}`);
}

const clients = drivers
  .map(({ name, clientVersion }) => `${name}@${clientVersion}`)
  .filter(globMatcher(options.client));
const chosen = targets.filter(({ name }) => globMatcher(options.target)(name));
for (const client of clients) {
  for (const target of chosen) {
    console.log(`${client} on ${target.name}, seed ${options.seed}`);
    const result = await runRound({
      client,
      target,
      seed: options.seed,
      seconds: options.seconds / chosen.length,
      ...(options.quiet ? {} : { onStep: (line) => console.log(line) }),
    });
    show(result);
  }
}
