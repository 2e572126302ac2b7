export { startCache } from './cache/start-cache.ts';
export { createTimeline } from './timeline/timeline.ts';
export type * from './types.ts';
