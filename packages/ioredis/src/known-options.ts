import { optionProblem } from './errors.ts';

/** Of ioredis 5 and 6, for one server, sentinels and clusters. */
export const optionNames = [
  'host port path sentinels family tls db username password name role natMap Connector protocol',
  'replyMapping connectionName disableClientInfo clientInfoTag keepAlive noDelay connectTimeout',
  'disconnectTimeout commandTimeout socketTimeout blockingTimeout blockingTimeoutGrace retryStrategy',
  'reconnectOnError maxRetriesPerRequest maxLoadingRetryTime enableReadyCheck enableOfflineQueue',
  'enableAutoPipelining autoPipeliningIgnoredCommands lazyConnect autoResubscribe',
  'autoResendUnfulfilledCommands readOnly stringNumbers monitor scripts keyPrefix',
  'showFriendlyErrorStack himportFieldsets sentinelUsername sentinelPassword sentinelRetryStrategy',
  'sentinelReconnectStrategy sentinelCommandTimeout sentinelMaxConnections sentinelTLS preferredSlaves',
  'enableTLSForSentinelMode updateSentinels failoverDetector redisOptions clusterRetryStrategy',
  'clusterNodeRetryStrategy scaleReads maxRedirections retryDelayOnFailover retryDelayOnClusterDown',
  'retryDelayOnTryAgain retryDelayOnMoved slotsRefreshTimeout slotsRefreshInterval shardedSubscribers',
  'useSRVRecords resolveSrv dnsLookup commandQueue offlineQueue',
] as const;

const names = optionNames.flatMap((line) => line.split(' '));

/** Options of what constructs ioredis: BullMQ, Fastify, NestJS. */
export type ForeignName = 'url' | 'skipVersionCheck' | 'namespace' | 'closeClient' | 'client' | 'onClientCreated';

const knownNames = new Set(names);
const addresses = ['host', 'port', 'path', 'sentinels', 'url', 'redisOptions'];
/** What other clients call them. */
const aliases: Record<string, string> = { hostname: 'host', server: 'host', address: 'host', ssl: 'tls', uri: 'url' };

/**
 * Refuses a misspelled option: ioredis would ignore it, which for an address means localhost. Other names are left alone, as long
 * as there is an address: what constructs ioredis may know them.
 */
export function checkNames(options: object, where: string): void {
  const isGiven = (name: string): boolean => Reflect.get(options, name) !== undefined;
  const unknown = Object.keys(options).filter((name) => isGiven(name) && !knownNames.has(name));
  for (const name of unknown) {
    const meant =
      aliases[name.toLowerCase()] ?? names.find((each) => differsByOneLetter(name.toLowerCase(), each.toLowerCase()));
    if (meant !== undefined && !isGiven(meant))
      throw optionProblem(`${where}.${name}`, `ioredis has no such option. Did you mean ${meant}?`);
  }
  const [first] = unknown;
  if (first === undefined || where !== 'options' || addresses.some(isGiven)) return;
  throw optionProblem(
    `${where}.${first}`,
    'ioredis has no such option, and there is no host, port, path, sentinels or url: it would connect to localhost. Give the address as { host, port }.',
  );
}

/** Whether they differ by one letter at most: too many, too few, another, or two in the wrong order. Short names, as `tls` and `ttl`, by their order alone. */
function differsByOneLetter(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [x, y] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  const isLong = Math.max(one.length, other.length) > 3;
  return (isLong && x.length <= 1 && y.length <= 1) || (x.length === 2 && `${x[1]}${x[0]}` === y);
}
