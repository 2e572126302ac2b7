import { expect, test } from 'vitest';
import { createEmulateCommand } from '../../src/command/options.ts';

/** The options and the command that a command line means. */
async function parsed(...args: string[]): Promise<unknown[]> {
  let seen: unknown[] = [];
  const command = createEmulateCommand((...all) => {
    seen = all;
    return Promise.resolve();
  });
  await command.parseAsync(args, { from: 'user' });
  return seen;
}

test.each([
  ['--lifetime', '60s', { lifetime: 60_000 }],
  ['--lifetime', '1500ms', { lifetime: 1500 }],
  ['--lifetime', '1.5h', { lifetime: 5_400_000 }],
  ['--upstream', 'redis://[::1]:6379', { upstream: { host: '::1', port: 6379 } }],
  [
    '--upstream',
    'redis://me:100%25@redis',
    { upstream: { host: 'redis', port: 6379, username: 'me', password: '100%' } },
  ],
])('%s %s', async (option, text, expected) => {
  expect(await parsed(option, text)).toMatchObject([expected, []]);
});

test.each(['rediss://me:secret@redis', 'redis://me:100%secret@redis', 'redis://secret@redis', 'secret'])(
  '--upstream %s is refused, and not quoted',
  async (url) => {
    await expect(parsed('--upstream', url)).rejects.toThrow(
      /^--upstream takes redis:\/\/host:port or redis:\/\/user:password@host:port, percent-encoded\.$/,
    );
  },
);

test('the help shows the default lifetime as people write it', () => {
  const help = createEmulateCommand(() => Promise.resolve()).helpInformation();
  expect(help).toMatch(/--lifetime <duration>.*\(default: 1h\)/s);
  expect(help).not.toContain('3600000');
});

test('what follows -- is the command, options and all', async () => {
  const words = ['npm', 'test', '--', '--watch', '--tls'];
  expect(await parsed('--tls', '--', ...words)).toMatchObject([{ tls: true }, words]);
});
