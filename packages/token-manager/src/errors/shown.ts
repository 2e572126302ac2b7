const longest = 20;

/** A value that was given, as an error may show it: what is long may be a token that was passed in the wrong place. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > longest ? `a string of ${value.length} characters` : `'${value}'`;
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? 'a class (is "new" missing?)' : 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
