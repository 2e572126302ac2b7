import type { Metric } from '../types.ts';
import { clientMetrics } from './clients.ts';
import { bytesPerConnection, reauthCost } from './coordinator.ts';
import { counts } from './counts.ts';
import { cacheThroughput, gateThroughput } from './emulator.ts';
import { imports } from './imports.ts';
import { installPackages, installSize, packedSize } from './install.ts';

export const metrics: readonly Metric[] = [
  ...clientMetrics,
  ...counts,
  ...imports,
  installSize,
  installPackages,
  reauthCost,
  bytesPerConnection,
  packedSize,
  gateThroughput,
  cacheThroughput,
];
