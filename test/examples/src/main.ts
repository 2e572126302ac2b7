import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { folderOf, startApplication } from './application.ts';
import { startEmulator } from './emulator.ts';
import { type Example, examples } from './examples.ts';
import { runExample } from './run.ts';

interface Options {
  readonly rotations: number;
  readonly lifetime: number;
  readonly keep?: true;
}

/** Against a real cache: the application alone, with the environment as it is. */
async function runOnAzure(name: string): Promise<number> {
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: folderOf(name), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function keepRunning(name: string, example: Example, { lifetime }: Options): Promise<number> {
  const emulator = await startEmulator(example.target, lifetime * 1000);
  try {
    const application = await startApplication(folderOf(name), { ...emulator.env, ...example.env }, console.log);
    console.log(`${application.url} with tokens of ${lifetime} s. Ctrl-C ends it.`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await application.stop();
    return Number(application.exitCode ?? 1);
  } finally {
    await emulator.close();
  }
}

async function rotate(name: string, example: Example, { lifetime, rotations }: Options): Promise<number> {
  console.log(`${name} on a local Entra and a real Redis (${example.target}); tokens live ${lifetime} s.`);
  const report = await runExample(name, example, { lifetimeMs: lifetime * 1000, rotations, tell: console.log });
  const rows = {
    connections: report.connections,
    'rotations of each': report.rotations,
    'connections ended': report.ended,
    'cut by expiry': report.expired,
    ...report.counts,
    failures: report.failures.length,
  };
  const width = Math.max(...Object.keys(rows).map(({ length }) => length));
  console.log(
    `\n${Object.entries(rows)
      .map(([what, count]) => `${what.padEnd(width)}  ${count}`)
      .join('\n')}`,
  );
  if (report.failures.length > 0) console.log(`\n${report.failures.join('\n')}\n\n${report.logins}`);
  return report.failures.length === 0 ? 0 : 1;
}

async function main(name: string, options: Options): Promise<number> {
  const example = examples[name];
  if (example === undefined) throw new Error(`There is no example ${name}: ${Object.keys(examples).join(', ')}.`);
  if (process.env['AZURE_REDIS_ENDPOINT']) return await runOnAzure(name);
  return await (options.keep ? keepRunning : rotate)(name, example, options);
}

const positive = (text: string): number => {
  if (Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError('It takes a number of at least 1.');
};

await new Command('start')
  .description('Runs an example on a local Entra and a real Redis; on Azure where AZURE_REDIS_ENDPOINT is set')
  .argument('<name>', Object.keys(examples).join(', '))
  .option('--rotations <n>', 'end after so many rotations', positive, 5)
  .option('--lifetime <seconds>', 'life of a token', positive, 6)
  .option('--keep', 'without a load, until Ctrl-C')
  .action(async (name: string, options: Options) => {
    process.exitCode = await main(name, options).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return 1;
    });
  })
  .parseAsync();
