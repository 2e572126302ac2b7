import { expect, onTestFinished, test, vi } from 'vitest';
import { tellingTimeline } from '../../src/command/watch.ts';

test('lines have colors where stderr, to which they go, is a terminal', () => {
  for (const name of ['FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined);
  Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
  onTestFinished(() => {
    vi.unstubAllEnvs();
    Reflect.deleteProperty(process.stderr, 'isTTY');
  });
  const lines: string[] = [];
  const timeline = tellingTimeline((line) => lines.push(line), { troubleAlone: false, named: false });
  timeline.add({ at: 0, connection: 1, event: 'expired' });
  expect(lines).toEqual([expect.stringContaining('\u001B[33mexpired ')]);
});
