import type { Metric } from '../figures/types.ts';
import { clientMetrics } from './clients.ts';
import { bytesPerConnection, failedRequestTurn, reauthCost } from './token-manager.ts';
import { counts } from './counts.ts';
import { cacheThroughput, gateThroughput } from './emulator.ts';
import { evaluations } from './evaluations.ts';
import { fleets } from './fleet.ts';
import { imports } from './imports.ts';
import { installs, packedSize } from './install.ts';
import { outages } from './outage.ts';
import { rotations } from './rotation.ts';

export const metrics: readonly Metric[] = [
  ...clientMetrics,
  ...rotations,
  ...counts,
  ...outages,
  ...imports,
  ...evaluations,
  ...installs,
  reauthCost,
  bytesPerConnection,
  failedRequestTurn,
  packedSize,
  ...fleets,
  gateThroughput,
  cacheThroughput,
];
