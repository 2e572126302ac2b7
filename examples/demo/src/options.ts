import { Command, InvalidArgumentError, Option } from 'commander';

export interface DemoOptions {
  cache: 'redis' | 'fake';
  credential: 'secret' | 'managed-identity' | 'environment';
  seconds: number;
  lifetime: number;
  port?: number;
  authority?: string;
  objectId?: string;
}

const within = (low: number, high: number, unit: string) => (text: string) => {
  const value = Number(text);
  if (Number.isFinite(value) && value >= low && value <= high) return value;
  throw new InvalidArgumentError(`It takes ${low} to ${high}${unit}.`);
};

export function parseOptions(argv: readonly string[]): DemoOptions {
  return new Command('npm run demo --')
    .description('node-redis and ioredis live through token rotations on a local Entra and cache')
    .addOption(
      new Option('--cache <kind>', 'a real redis-server behind a gate, or the in-memory fake')
        .choices(['redis', 'fake'])
        .default('redis'),
    )
    .addOption(
      new Option('--credential <kind>', 'which @azure/identity credential gets the tokens')
        .choices(['secret', 'managed-identity', 'environment'])
        .default('secret'),
    )
    .option('--seconds <n>', 'running time', within(1, 3600, ' seconds'), 20)
    .option('--lifetime <n>', 'life of a token in seconds', within(2, 3600, ' seconds'), 6)
    .option('--port <n>', 'port of the cache (default: a free one)', within(1, 65535, ''))
    .option('--authority <url>', 'another identity provider than the local one')
    .option('--object-id <id>', 'log in as this object id instead of the one in the token')
    .parse(argv, { from: 'user' })
    .opts<DemoOptions>();
}
