import { isDeepStrictEqual } from 'node:util';
import type { Description } from './stdio/protocol.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Throws, naming each field, where a program says something else of itself than its `driver.json`. */
export function assertSame(name: string, committed: Description, said: Description): void {
  const differences = [...differencesOf('', fieldsOf(committed), fieldsOf(said))];
  if (differences.length === 0) return;
  const remedy = `run "npm run foreign -- describe ${name}", look at the diff and commit it`;
  throw new Error(`${name} says something else of itself than its driver.json: ${differences.join('; ')}: ${remedy}`);
}

const fieldsOf = (value: unknown): Fields => value as Fields;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function* differencesOf(path: string, committed: Fields, said: Fields): Generator<string> {
  for (const key of new Set([...Object.keys(committed), ...Object.keys(said)])) {
    const [before, after] = [committed[key], said[key]];
    if (isDeepStrictEqual(before, after)) continue;
    if (isObject(before) && isObject(after)) yield* differencesOf(`${path}${key}.`, before, after);
    else yield `${path}${key} is ${JSON.stringify(after)}, not ${JSON.stringify(before)}`;
  }
}
