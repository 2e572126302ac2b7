import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { libraries } from './libraries/index.ts';
import { toPage } from './page.ts';
import { type Limits, type Report, runLibrary } from './run.ts';

interface Options {
  readonly lifetime: number;
  readonly seconds: number;
  readonly atOnce: number;
  readonly docs?: string;
}

const positive = (text: string): number => {
  if (Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError('It takes a number of at least 1.');
};

async function runAll(names: readonly string[], limits: Limits, atOnce: number): Promise<Map<string, Report>> {
  const reports = new Map<string, Report>();
  const waiting = names.values();
  const lane = async (): Promise<void> => {
    for (const name of waiting) {
      const report = await runLibrary(name, limits);
      reports.set(name, report);
      tell(name, report);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return new Map(names.flatMap((name) => (reports.has(name) ? [[name, reports.get(name) as Report]] : [])));
}

function tell(name: string, { steps, connections, rotations, failures, logins }: Report): void {
  const verdict = failures.length === 0 ? 'passes' : 'FAILS';
  console.log(
    `${verdict.padEnd(7)} ${name.padEnd(28)} ${steps} uses, ${connections} connections, ${rotations} renewals of each`,
  );
  if (failures.length > 0) console.log(`${failures.slice(0, 10).join('\n')}\n\n${logins}`.replace(/^/gm, '  '));
}

async function main(chosen: readonly string[], { lifetime, seconds, atOnce, docs }: Options): Promise<number> {
  const unknown = chosen.find((name) => !(name in libraries));
  if (unknown !== undefined) throw new RangeError(`${unknown} is none of: ${Object.keys(libraries).join(', ')}.`);
  if (docs !== undefined && chosen.length > 0)
    throw new RangeError('--docs: the page needs every library, so name none.');
  const limits = { lifetimeMs: lifetime * 1000, seconds };
  const reports = await runAll(chosen.length > 0 ? chosen : Object.keys(libraries), limits, atOnce);
  if (docs !== undefined) writeFileSync(join(docs, 'compatibility.md'), toPage(reports, limits));
  const failed = [...reports.values()].filter(({ failures }) => failures.length > 0).length;
  console.log(`${reports.size - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

await new Command('npm run compatibility --')
  .description('Runs libraries that use Redis through the adapters, on a real Redis with short-lived tokens')
  .argument('[library...]', Object.keys(libraries).join(', '))
  .option('--lifetime <seconds>', 'life of a token', positive, 20)
  .option('--seconds <n>', 'how long each library runs', positive, 45)
  .option('--at-once <n>', 'libraries at a time', positive, 4)
  .option('--docs <dir>', 'write compatibility.md there')
  .action(async (chosen: string[], options: Options) => {
    process.exitCode = await main(chosen, options).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return 2;
    });
  })
  .parseAsync();
