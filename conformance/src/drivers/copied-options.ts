import type { ConnectOptions } from '../driver/driver.ts';

/** Of each object its own enumerable properties, nothing of its class, as rfdc, klona and sails copy. */
const properties = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(properties);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, properties(inner)]));
};

/** What a framework that copies options hands on; the same object where none does. */
export function copyOf<Options>(options: Options, { copied }: Pick<ConnectOptions, 'copied'>): Options {
  return copied === true ? (properties(options) as Options) : options;
}
