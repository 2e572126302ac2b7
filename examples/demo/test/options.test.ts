import { afterEach, expect, test, vi } from 'vitest';
import { parseOptions } from '../src/options.ts';

afterEach(() => void vi.restoreAllMocks());

/** What is said of options that do not go together with a run. */
function refusal(...argv: string[]): string {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`ended with ${code}`);
  });
  expect(() => parseOptions(argv)).toThrow('ended with 1');
  return said.mock.calls.join('');
}

test('without options it is a real cache, and time enough for a rotation', () => {
  expect(parseOptions([])).toEqual({ cache: 'redis', credential: 'secret', seconds: 20, lifetime: 6 });
});

test.each([
  ['half a port', ['--port', '1.5'], "option '--port <n>' argument '1.5' is invalid. It takes a whole number"],
  ['no time', ['--seconds', '0'], "argument '0' is invalid. It takes a whole number from 1 to 3600."],
  [
    'an empty object id',
    ['--object-id', ''],
    "option '--object-id <id>' argument '' is invalid. It takes the object id",
  ],
  ['an empty authority', ['--authority', ''], "option '--authority <url>' argument '' is invalid. It takes a URL"],
  ['an authority without a scheme', ['--authority', 'localhost:1'], 'It takes a URL'],
  ['plain HTTP to Entra', ['--authority', 'http://127.0.0.1:1'], '--authority takes an https URL'],
  ['a run that ends before a rotation', ['--seconds', '5'], 'a run of 5 seconds sees no new token'],
])('%s is refused in one sentence', (_what, argv, words) => {
  const said = refusal(...argv);
  expect(said).toMatch(/^error: .+\n$/);
  expect(said).toContain(words);
});

test('the address of a managed identity speaks plain HTTP', () => {
  const { authority } = parseOptions(['--credential', 'managed-identity', '--authority', 'http://127.0.0.1:1']);
  expect(authority).toBe('http://127.0.0.1:1');
});
