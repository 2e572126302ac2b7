import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Far more than any reply of a case. */
export const longestLine: number = 32 * 2 ** 20;

/** Reads a stream line by line. Unlike `node:readline` it does not collect a line that never ends: it stops and calls `onTooLong`. */
export function readLines(input: Readable, onLine: (line: string) => void, onTooLong: () => void): void {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  const read = (chunk: Buffer): void => {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    parts.push(first);
    length += first.length;
    for (const next of rest) {
      onLine(parts.join(''));
      parts = [next];
      length = next.length;
    }
    if (length <= longestLine) return;
    input.off('data', read).resume();
    onTooLong();
  };
  input.on('data', read);
  input.on('end', () => {
    if (length > 0 && length <= longestLine) onLine(parts.join(''));
  });
}
