import { capabilities, type Capability, type Driver, type Support } from '../driver/driver.ts';

const all = Object.fromEntries(capabilities.map((capability) => [capability, true])) as Record<Capability, true>;

/** Every capability but those named, each with the reason why not. */
export const allBut = (reasons: Partial<Record<Capability, string>>): Driver['capabilities'] => ({
  ...all,
  ...missing(reasons),
});

/** These capabilities as lacking, each with the reason: for `capabilitiesIn`. */
export function missing(reasons: Partial<Record<Capability, string>>): Partial<Record<Capability, Support>> {
  const unsupported = Object.entries(reasons).map(([capability, because]): [string, Support] => [
    capability,
    { supported: false, because },
  ]);
  return Object.fromEntries(unsupported);
}
