import { expect, test } from 'vitest';
import { createEmulateCommand } from '../../src/command/options.ts';

test.each([
  ['60s', 60_000],
  ['1500ms', 1500],
  ['1.5h', 5_400_000],
])('the duration %s', async (text, expected) => {
  let seen: unknown;
  const command = createEmulateCommand(({ lifetime }) => {
    seen = lifetime;
    return Promise.resolve();
  });
  await command.parseAsync(['--lifetime', text], { from: 'user' });
  expect(seen).toBe(expected);
});

test('the help shows the default lifetime as people write it', () => {
  const help = createEmulateCommand(() => Promise.resolve()).helpInformation();
  expect(help).toMatch(/--lifetime <duration>.*\(default: 1h\)/s);
  expect(help).not.toContain('3600000');
});

test('what follows -- is the command, options and all', async () => {
  let seen: unknown;
  const command = createEmulateCommand((options, words) => {
    seen = [options.tls, words];
    return Promise.resolve();
  });
  await command.parseAsync(['--tls', '--', 'npm', 'test', '--', '--watch', '--tls'], { from: 'user' });
  expect(seen).toEqual([true, ['npm', 'test', '--', '--watch', '--tls']]);
});
