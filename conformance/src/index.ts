export { drivers } from './drivers/index.ts';
export { childDriver } from './json-lines/child-driver.ts';
export type {
  Answer,
  Call,
  ChildEvent,
  Description,
  Opened,
  QueueReport,
  Request,
} from './json-lines/protocol.ts';
export { type KnownFailing, KnownFailures } from './known-failing.ts';
export { type Case, type Catalogue, globMatcher, planCases, type Selection } from './plan.ts';
export { type PageOptions, toHtml } from './report/html.ts';
export { type CaseTrace, traceOf, type TraceEvent } from './report/trace.ts';
export { toJunit } from './report/junit.ts';
export { fromRecord, type Recorded, toRecord } from './report/record.ts';
export { toMatrix } from './report/matrix.ts';
export { type Results, type Run, toJson } from './report/results.ts';
export { exitCodeOf, runCases, type RunOptions } from './run.ts';
export { scenarios } from './scenarios/index.ts';
export { targets } from './targets/index.ts';
export type { Endpoint, RunningTarget, Target, Topology } from './targets/types.ts';
export * from './driver.ts';
export * from './types.ts';
