// A textlint plugin: the prose of a TypeScript file, which is its messages (strings with several words) and its comments.
import { parseSync } from 'oxc-parser';

/** Several words, in no notation but prose: a message rather than a path, a command of Redis or a pattern. */
const isProse = (text) => /[a-z]{2,}[,;:]? [a-z]{2,}/.test(text) && !/^[\w-]+(?:\.[\w-]+)+$/.test(text);

function* stringsOf(node) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const each of node) yield* stringsOf(each);
    return;
  }
  if (node.type === 'Literal' && typeof node.value === 'string') yield [node.start + 1, node.end - 1];
  else if (node.type === 'TemplateElement') yield [node.start, node.end];
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') yield* stringsOf(value);
}

/** What stands in backticks is code, in a comment as on a page; each piece of text keeps its place in the file. */
function* piecesOf(text, start) {
  for (const match of text.matchAll(/[^`]+|`[^`]*`?/g)) {
    if (!match[0].startsWith('`')) yield [start + match.index, start + match.index + match[0].length];
  }
}

function preProcess(source, filePath = 'source.ts') {
  const { program, comments } = parseSync(filePath, source);
  const strings = [...stringsOf(program)].filter(([start, end]) => isProse(source.slice(start, end)));
  const notes = comments.flatMap(({ value, start }) => [...piecesOf(value, start + 2)]);
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const place = (at) => {
    let line = lineStarts.length;
    while (lineStarts[line - 1] > at) line -= 1;
    return { line, column: at - lineStarts[line - 1] };
  };
  const node = (type, [start, end], rest) => ({
    type,
    raw: source.slice(start, end),
    range: [start, end],
    loc: { start: place(start), end: place(end) },
    ...rest,
  });
  const children = [...strings, ...notes]
    .toSorted(([a], [b]) => a - b)
    .map((range) => node('Paragraph', range, { children: [node('Str', range, { value: source.slice(...range) })] }));
  return node('Document', [0, source.length], { children });
}

export class Processor {
  availableExtensions() {
    return ['.ts'];
  }

  processor() {
    return { preProcess, postProcess: (messages, filePath) => ({ messages, filePath: filePath ?? '<text>' }) };
  }
}
