/** Patterns that took long to compile are few and come again with every message. */
const compiled = new Map<string, RegExp>();

/** Redis' glob: `*`, `?`, `[abc]`, `[^a-z]`, backslash escapes. Both are byte strings (latin1). */
export function globMatches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    if (compiled.size >= 1000) compiled.clear();
    expression = new RegExp(`^${translate(pattern)}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

function translate(pattern: string): string {
  let result = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? '';
    if (char === '*') {
      // One star says all that several say, and several could make the expression run forever.
      if (!result.endsWith('.*')) result += '.*';
    } else if (char === '?') result += '.';
    else if (char === '[') {
      const end = classEnd(pattern, index + 1);
      result += classOf(pattern.slice(index + 1, end));
      index = end;
    } else if (char === '\\' && index + 1 < pattern.length) {
      index++;
      result += literal(pattern[index] ?? '');
    } else result += literal(char);
  }
  return result;
}

function classEnd(pattern: string, start: number): number {
  for (let index = start; index < pattern.length; index++) {
    if (pattern[index] === '\\') index++;
    else if (pattern[index] === ']') return index;
  }
  return pattern.length;
}

function classOf(body: string): string {
  const negated = body.startsWith('^');
  const members = body
    .slice(negated ? 1 : 0)
    .replaceAll(/\\(.)/gs, '$1')
    .replaceAll(/[\\\]^[]/g, String.raw`\$&`);
  if (members === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${orderedRanges(members)}]`;
}

/** Redis takes `[z-a]` as `[a-z]`, where a regular expression would not compile. */
function orderedRanges(members: string): string {
  return members.replaceAll(/(\\?.)-(\\?.)/gs, (whole, from: string, to: string) =>
    (from.at(-1) ?? '') > (to.at(-1) ?? '') ? `${to}-${from}` : whole,
  );
}

function literal(char: string): string {
  return /[\w\s]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
