import { expect, test } from 'vitest';
import { CloseStack } from '../../src/targets/close-stack.ts';

test('what was started is closed, the last one first, also where one does not close', async () => {
  const closed: string[] = [];
  const stack = new CloseStack();
  const started = (name: string, broken = false) => ({
    close: async () => {
      closed.push(name);
      if (broken) throw new Error(`${name} broke`);
    },
  });
  for (const each of [started('server'), started('gate', true), started('client')]) stack.use(each);
  await expect(stack.close()).rejects.toThrow('gate broke');
  expect(closed).toEqual(['client', 'gate', 'server']);
});
