import { remedy } from './finding.ts';
import { redact, type Report, type StepReport } from './report.ts';
import { Ended } from './steps/ask.ts';
import { steps } from './steps/chain.ts';
import { at, type Target } from './target.ts';
import type { DoctorIo, DoctorOptions, Finding, Step, Visit } from './types.ts';

/** Told of each step as it begins and ends. */
export interface Progress {
  begin?(step: Pick<Step, 'title'>): void;
  end?(step: StepReport): void;
}

/** Walks the chain up to the first step that fails; the others are reported as not reached. Leaves no connection open. */
export async function examine(
  target: Target,
  options: DoctorOptions,
  io: DoctorIo,
  progress: Progress = {},
): Promise<Report> {
  const visit: Visit = { target, options, io };
  const startedAt = io.now();
  const reports: StepReport[] = [];
  try {
    for (const step of steps) {
      const reached = reports.every(({ status }) => status !== 'failed');
      if (reached) progress.begin?.(step);
      // The one place that every word passes: what looks like a token is taken out.
      const report = redact(reached ? await take(step, visit) : notReached(step), visit.answer?.token.value);
      reports.push(report);
      progress.end?.(report);
    }
  } finally {
    visit.session?.close();
    visit.socket?.destroy();
  }
  return reportOf(visit, reports, startedAt);
}

async function take(step: Step, visit: Visit): Promise<StepReport> {
  const startedAt = visit.io.now();
  const finding = await step.run(visit).catch((error: unknown): Finding => {
    if (error instanceof Ended) return error.finding;
    throw error;
  });
  const { id, title, exitCode } = step;
  const durationMs = Math.round(visit.io.now() - startedAt);
  return { id, title, exitCode, durationMs, ...withTarget(finding, visit.target) };
}

/** `…` in a command stands for the target. */
function withTarget(finding: Finding, { host, port }: Target): Finding {
  if (finding.remedies === undefined) return finding;
  const remedies = finding.remedies.map(({ text, command }) => remedy(text, command?.replace('…', at(host, port))));
  return { ...finding, remedies };
}

const notReached = ({ id, title, exitCode }: Step): StepReport => ({ id, title, exitCode, status: 'not-reached' });

function reportOf({ target, io, encrypted }: Visit, reports: readonly StepReport[], startedAt: number): Report {
  const exitCode = reports.find(({ status }) => status === 'failed')?.exitCode ?? 0;
  return {
    schema: 1,
    ok: exitCode === 0,
    exitCode,
    target: { host: target.host, port: target.port, product: target.product, encrypted: encrypted ?? false },
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.round(io.now() - startedAt),
    steps: reports,
  };
}
