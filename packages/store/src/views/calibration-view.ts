import type { CalibrationRecord, CalibrationView, JobId, ParameterValue } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { clusterShares } from "./cluster-shares.js";
import { checkJobExists } from "./job-view.js";

/** Best trials that weights are read from. */
const BEST = 20;

interface Row {
  readonly isProfiled: boolean;
  readonly calibration: CalibrationRecord | null;
  readonly space: readonly { readonly name: string }[] | null;
}

/** The map of a job's calibration samples, and what its clusters count in the best trials. AppError JOB_NOT_FOUND. */
export async function readCalibration(database: Database, jobId: JobId): Promise<CalibrationView> {
  const [row] = await database.$queryRaw<Row[]>`
    SELECT plan IS NOT NULL AS "isProfiled", calibration, plan->'space' AS space FROM jobs
    WHERE id = ${jobId} AND deleted_at IS NULL`;
  if (!row) await checkJobExists(database, jobId);
  const record = row?.calibration ?? null;
  if (record === null) {
    const missing = row?.isProfiled === true ? "older_job" : "not_profiled";
    return { missing, explained: null, points: [], searched: false, best_trials: 0, clusters: [] };
  }
  const best = await bestParams(database, jobId);
  const shares = best.map((params) => clusterShares(record, params));
  const { explained, points, clusters } = record.map;
  const samples = clusters.reduce((sum, one) => sum + one.samples, 0);
  return {
    missing: null,
    explained,
    points,
    searched: (row?.space ?? []).some(({ name }) => /^(?:cluster|sample)\./.test(name)),
    best_trials: best.length,
    clusters: clusters.map((one, cluster) => ({
      ...one,
      share: one.samples / samples,
      weight: best.length === 0 ? null : summary(shares.map((ofTrial) => ofTrial[cluster] ?? 0)),
    })),
  };
}

/** Along the index of scores. */
async function bestParams(database: Database, jobId: JobId) {
  const rows = await database.$queryRaw<{ params: Readonly<Record<string, ParameterValue>> | null }[]>`
    SELECT params FROM trials WHERE job_id = ${jobId} AND state = 'completed' ORDER BY score, number LIMIT ${BEST}`;
  return rows.map(({ params }) => params ?? {});
}

const summary = (values: readonly number[]) => ({
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  min: Math.min(...values),
  max: Math.max(...values),
});
