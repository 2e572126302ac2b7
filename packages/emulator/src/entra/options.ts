import type { EntraOptions } from '../types.ts';

/** Throws for the first option that cannot work, naming it and its value. */
export function checkEntraOptions(options: { [K in keyof EntraOptions]?: EntraOptions[K] | undefined }): void {
  for (const name of ['lifetimeMs', 'refreshInMs'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isFinite(value) && value >= 1000)) {
      throw new RangeError(`Option "${name}" must be at least 1000 (MSAL counts whole seconds), but is ${value}.`);
    }
  }
  const { port, statedLaterMs = 0 } = options;
  if (!(Number.isFinite(statedLaterMs) && statedLaterMs >= 0)) {
    throw new RangeError(`Option "statedLaterMs" must be at least 0, but is ${statedLaterMs}.`);
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new RangeError(`Option "port" must be a port number, but is ${port}.`);
  }
}
