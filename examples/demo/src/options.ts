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

const within = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new InvalidArgumentError(`It takes a whole number from ${low} to ${high}.`);
};

// An empty one would be the public cloud to @azure/identity.
const address = (text: string): string => {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('It takes a URL, for example https://login.example.com.');
};

const objectId = (text: string): string => {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It takes the object id of a user, a service principal or a managed identity.');
};

/** Ends the process with a sentence for options that no run can have. */
export function parseOptions(argv: readonly string[]): DemoOptions {
  const command = new Command('npm run demo --')
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
    .option('--seconds <n>', 'running time', within(1, 3600), 20)
    .option('--lifetime <n>', 'life of a token in seconds', within(2, 3600), 6)
    .option('--port <n>', 'port of the cache (default: a free one)', within(1, 65535))
    .option('--authority <url>', 'another identity provider than the local one', address)
    .option('--object-id <id>', 'log in as this object id instead of the one in the token', objectId)
    .parse(argv, { from: 'user' });
  const options = command.opts<DemoOptions>();
  const { authority, credential, lifetime, seconds } = options;
  if (credential !== 'managed-identity' && authority !== undefined && !/^https:/i.test(authority))
    command.error(`error: --authority takes an https URL with --credential ${credential}.`);
  if (seconds < lifetime)
    command.error(
      `error: a run of ${seconds} seconds sees no new token where tokens live for ${lifetime}: raise --seconds or lower --lifetime.`,
    );
  return options;
}
