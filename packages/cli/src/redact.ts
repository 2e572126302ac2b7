import { withoutTokens } from '@entra-redis/token-manager';

/** A copy of `value` (JSON data) in whose strings `secret`, and whatever looks like a token, is replaced. */
export function redact<T>(value: T, secret: string | undefined): T {
  return copy(value, (text) => withoutTokens(text, secret)) as T;
}

function copy(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each) => copy(each, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each, clean)]));
}
