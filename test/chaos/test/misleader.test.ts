import { expect, test } from 'vitest';
import type { ToApplication } from '../src/protocol.ts';
import { Misleader } from '../src/run/misleader.ts';
import { allMisleading, type CredentialMode, misleadingInStorms, plainCredential } from '../src/schedule/misleading.ts';

function world(silent = false) {
  const sent: ToApplication[] = [];
  const settings = { objectId: 'me', statedLaterMs: 0 };
  const faults: unknown[] = [];
  const misleader = new Misleader({
    entra: {
      get objectId() {
        return settings.objectId;
      },
      configure: (changes) => void Object.assign(settings, changes),
      fail: (fault) => void faults.push(fault),
      heal: () => void faults.splice(0),
    },
    silent,
    send: (message) => void sent.push(message),
  });
  const modes = (): CredentialMode[] =>
    sent.flatMap((message) => (message.type === 'credential' ? [message.mode] : []));
  return { misleader, settings, faults, modes };
}

test.each(allMisleading)('what misleads ends as it began: %s', (kind) => {
  const { misleader, settings, faults, modes } = world();
  misleader.begin(kind);
  expect(misleader.current).toBe(kind);
  misleader.end();
  expect(misleader.current).toBeUndefined();
  expect(settings).toEqual({ objectId: 'me', statedLaterMs: 0 });
  expect(faults).toEqual([]);
  expect(modes().at(-1)).toEqual(plainCredential);
});

test.each(allMisleading)('in a sabotage nothing answers meanwhile: %s', (kind) => {
  const { misleader, modes } = world(true);
  misleader.begin(kind);
  expect(modes().map(({ silent }) => silent)).toEqual([true]);
  misleader.end();
  expect(modes().at(-1)?.silent).toBe(false);
});

test('a Retry-After of a day comes in calms alone', () => {
  expect(misleadingInStorms).toEqual(allMisleading.filter((kind) => kind !== 'retry-after-day'));
});

test.each([
  ['overstated-expiry', true],
  ['clock-behind', true],
  ['clock-set-back', true],
  ['identity-switch', false],
  ['retry-after-day', false],
] as const)('after %s the end of a token that came meanwhile is known to a second: %s', (kind, isVague) => {
  const { misleader } = world();
  const before = Date.now() - 1;
  misleader.begin(kind);
  misleader.end();
  expect(misleader.wasVague(before, Date.now() + 1)).toBe(isVague);
  expect(misleader.wasVague(before - 1000, before)).toBe(false);
});
