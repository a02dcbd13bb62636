import {
  AppError,
  type DenseWidths,
  type JobId,
  type KeptUnits,
  type LayersView,
  type TrialResult,
} from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { checkJobExists } from "./job-view.js";
import { readTrial } from "./trial-view.js";

/** What a trial keeps of each layer. Rejects with AppError JOB_NOT_FOUND or TRIAL_NOT_FOUND. */
export async function readLayers(database: Database, jobId: JobId, number?: number): Promise<LayersView> {
  const dense = await readDenseWidths(database, jobId);
  const trial = number ?? (await bestTrial(database, jobId));
  const { results } = await readTrial(database, jobId, trial);
  return { trial, sparsities: results.map((result) => keptOf(result, dense)) };
}

async function readDenseWidths(database: Database, jobId: JobId): Promise<DenseWidths | null> {
  const [job] = await database.$queryRaw<{ dense: DenseWidths | null }[]>`
    SELECT spec->'dense_widths' AS dense FROM jobs WHERE id = ${jobId} AND deleted_at IS NULL`;
  if (!job) await checkJobExists(database, jobId);
  return job?.dense ?? null;
}

/** The completed trial with the lowest score, along the index. */
async function bestTrial(database: Database, jobId: JobId): Promise<number> {
  const [best] = await database.$queryRaw<{ number: number }[]>`
    SELECT number FROM trials WHERE job_id = ${jobId} AND state = 'completed' ORDER BY score, number LIMIT 1`;
  if (best) return best.number;
  throw new AppError(
    "TRIAL_NOT_FOUND",
    `Job '${jobId}' has no completed trial yet. Ask again later, or name a trial with ?trial=.`,
  );
}

function keptOf(result: TrialResult, dense: DenseWidths | null): LayersView["sparsities"][number] {
  const { kv_groups, channels, ...rest } = result;
  return {
    ...rest,
    layers: kv_groups.map((groups, layer) => ({
      kv_groups: kept(groups, dense?.kv_groups[layer]),
      channels: kept(channels[layer] ?? 0, dense?.channels[layer]),
    })),
  };
}

const kept = (count: number, dense: number | undefined): KeptUnits => ({
  kept: count,
  dense: dense ?? null,
  share: dense === undefined || dense === 0 ? null : count / dense,
});
