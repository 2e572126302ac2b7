export { drivers } from './drivers/adapter-drivers.ts';
export { stdioDriver } from './driver/stdio/stdio-driver.ts';
export type {
  Answer,
  Call,
  DriverEvent,
  Description,
  Opened,
  QueueReport,
  Request,
} from './driver/stdio/protocol.ts';
export { type KnownFailing, KnownFailures } from './runner/known-failing.ts';
export { type Case, type Catalogue, globMatcher, planCases, type Selection } from './runner/plan.ts';
export { type PageOptions, toHtml } from './report/html.ts';
export { type CaseTrace, traceOf, type TraceEvent } from './report/trace.ts';
export { toJunit } from './report/junit.ts';
export { fromRecord, type Recorded, toRecord } from './report/record.ts';
export { toMatrix } from './report/matrix.ts';
export { type Results, type Run, toJson } from './report/results.ts';
export { exitCodeOf, runCases, type RunOptions } from './runner/run-cases.ts';
export { scenarios } from './scenarios/index.ts';
export { targets } from './targets/index.ts';
export { redisClusterCertificates } from './targets/redis-cluster.ts';
export type { Endpoint, RunningTarget, Target, Topology } from './targets/target.ts';
export * from './driver/driver.ts';
export * from './scenarios/scenario.ts';
export { type CaseResult, type Outcome, outcomes } from './runner/case-result.ts';
