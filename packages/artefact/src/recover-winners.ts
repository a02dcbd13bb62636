import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { JobSpec } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import { type RecoveryProgress, type ReportOutcome, recoveryOutcome } from "@espalier/pruning";
import type { ArtefactWinner, ExportContext, RecoveredWinner } from "./artefact-request.js";
import { decoderWeights } from "./slice/decoder-weights.js";
import { sliceModel } from "./slice/slice-model.js";
import { compareLosses, exactFor } from "./verify/compare-losses.js";
import { slicedLosses } from "./verify/sliced-losses.js";

export interface RecoverWinnersRequest {
  readonly context: ExportContext;
  readonly spec: Pick<JobSpec, "recovery">;
  readonly winners: readonly ArtefactWinner[];
  /** Folder that the export will make: beside it a training is kept while it runs. Absent: it is not kept. */
  readonly target?: string;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  /** Steps are counted over all winners. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Repairs the winners as their job says, after checking that each sliced model is the one that was scored; empty for a job
 * without recovery. Throws AppError RECOVERY_DIVERGED or EXPORT_VERIFICATION_FAILED.
 */
export async function recoverWinners(request: RecoverWinnersRequest): Promise<readonly RecoveredWinner[]> {
  const { spec, winners, target } = request;
  if (spec.recovery.method === "none") return [];
  if (target !== undefined) await mkdir(dirname(target), { recursive: true });
  const recovered: RecoveredWinner[] = [];
  for (const [index, winner] of winners.entries()) recovered.push(await recoverWinner(request, winner, index));
  return recovered;
}

/** Where the training of a winner is kept; jobs that are deleted take it with them. */
const checkpointOf = (target: string, { sparsity }: ArtefactWinner): string =>
  join(dirname(target), `.${basename(target)}.recovery-${sparsity}.bin`);

/** Removes what trainings were kept in, once the export is there. */
export async function removeCheckpoints(target: string, winners: readonly ArtefactWinner[]): Promise<void> {
  for (const winner of winners) await rm(checkpointOf(target, winner), { force: true });
}

async function recoverWinner(
  request: RecoverWinnersRequest,
  winner: ArtefactWinner,
  index: number,
): Promise<RecoveredWinner> {
  const { context, spec, winners, target, signal, onProgress } = request;
  if (spec.recovery.method === "none") throw new RangeError("the job asks for no recovery");
  const windows = await context.reportWindows();
  const running = optional(request);
  const plan = await context.plan(winner.params, winner.sparsity);
  const compensated = await context.compensatedWeights(winner.params, plan);
  const sliced = sliceModel({ config: context.model.config, weights: context.weights, plan, compensated });
  const pruned = { shape: sliced.shape, weights: decoderWeights(sliced) };
  const losses = (weights: ReadonlyMap<string, Float32Array>): Promise<Float64Array> => {
    return slicedLosses({ ...running, shape: sliced.shape, weights, windows });
  };
  const before = await losses(pruned.weights);
  const masked = await context.maskedReportLosses(plan, compensated, signal === undefined ? {} : { signal });
  const label = `Slicing trial ${winner.trialNumber} at sparsity ${winner.sparsity}`;
  compareLosses(label, masked, before, exactFor(sliced.shape));
  const recovered = await context.recover(pruned, {
    ...(signal === undefined ? {} : { signal }),
    ...(target === undefined ? {} : { checkpoint: checkpointOf(target, winner) }),
    onProgress: ({ done, of, loss }) => onProgress?.({ done: index * of + done, of: winners.length * of, loss }),
  });
  const whole = { shape: sliced.shape, weights: new Map([...pruned.weights, ...recovered.weights]) };
  const after = await losses(whole.weights);
  const tokens = Int32Array.from(windows, ({ length }) => length - 1);
  const tasks = await context.evaluate(whole, signal === undefined ? {} : { signal });
  const outcome = recoveryOutcome({ method: spec.recovery.method, recovered, before, after, tokens });
  return { weights: recovered.weights, losses: after, outcome: tasks === undefined ? outcome : { ...outcome, tasks } };
}

function optional({ provider, threads, signal }: RecoverWinnersRequest) {
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** A report that says of each winner what its recovery brought; the same one without any. */
export const withRecoveries = (report: ReportOutcome, recovered: readonly RecoveredWinner[]): ReportOutcome => ({
  ...report,
  best: report.best.map((model, index) => {
    const outcome = recovered[index]?.outcome;
    return outcome === undefined ? model : { ...model, recovery: outcome };
  }),
});
