import { capabilities, type Capability, type Driver, type Support } from '../driver.ts';

const all = Object.fromEntries(capabilities.map((capability) => [capability, true])) as Record<Capability, true>;

/** Every capability but those named, each with the reason why not. */
export function allBut(missing: Partial<Record<Capability, string>>): Driver['capabilities'] {
  const unsupported = Object.entries(missing).map(([capability, because]): [string, Support] => [
    capability,
    { supported: false, because },
  ]);
  return { ...all, ...Object.fromEntries(unsupported) };
}
