import { fake } from './fake.ts';
import { redisStandalone } from './redis-standalone.ts';
import type { Target } from './types.ts';

export const targets: readonly Target[] = [fake, redisStandalone];
