import assert from 'node:assert/strict';
import type { Scenario } from '../scenario.ts';
import { newTokens, told } from '../steps.ts';
import { underLoad } from './load.ts';

const behindMs = 12_000;

export const clockBehind: Scenario = {
  id: 'token/clock-behind',
  title:
    'the clock of the machine is behind: over three renewals no command fails, no message is lost, and the skew is reported',
  why: 'https://github.com/Azure/azure-cli/issues/20388, 20434: a managed identity and the CLI state an instant, which comes too late by this clock',
  requires: ['subscribe', 'clock'],
  topologies: ['standalone'],
  lifetimeMs: 4000,
  async run(context) {
    await context.application.setClock?.(-behindMs);
    await underLoad(context, () => newTokens(context, 3));
    assert.match(told(context), /clock of this machine is 1[12] s behind/i, 'nobody was told of the clock');
  },
};
