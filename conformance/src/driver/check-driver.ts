import { capabilities } from './driver.ts';
import { protocolVersion } from './stdio/protocol.ts';

type Given = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Given => typeof value === 'object' && value !== null;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isListOf = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(holds);

/** Throws for a driver of others that lacks something, and names it; `source`: its file or command. */
export function checkDriver(source: string, driver: unknown): void {
  const problem = isObject(driver) ? problemOf(driver) : 'it gave no driver';
  if (problem !== undefined) throw new Error(`${source}: ${problem}`);
}

function problemOf({ name, clientVersion, resp, closeWays, capabilities: given, ...more }: Given): string | undefined {
  const { protocol = protocolVersion, packages = {}, timeScale = 1 } = more;
  if (protocol !== protocolVersion)
    return `it speaks version ${JSON.stringify(protocol)} of the protocol; this suite speaks version ${protocolVersion}`;
  if (!isText(name) || !isText(clientVersion)) return 'name and clientVersion must be texts';
  if (!isListOf(resp, (each) => each === 2 || each === 3)) return 'resp must list the versions it speaks, [2, 3]';
  if (!isListOf(closeWays, isText)) return 'closeWays must name at least one way to end a client';
  if (!isObject(packages) || !Object.values(packages).every(isText)) return 'packages must give versions by name';
  if (!(Number(timeScale) >= 1)) return 'timeScale must be a number of at least 1';
  if (!isObject(given)) return 'capabilities must say of each whether the client has it';
  const unknown = Object.keys(given).find((key) => !(capabilities as readonly string[]).includes(key));
  if (unknown !== undefined) return `capabilities.${unknown} is none. Known are: ${capabilities.join(', ')}`;
  const unsaid = capabilities.find((key) => given[key] !== true && !isLacking(given[key]));
  return unsaid && `capabilities.${unsaid} must be true, or { supported: false, because: '…' }`;
}

const isLacking = (support: unknown): boolean =>
  isObject(support) && support['supported'] === false && isText(support['because']);
