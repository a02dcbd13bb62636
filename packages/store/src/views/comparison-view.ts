import type { ComparisonView, JobId, ModelDifference, TextSamples } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { bestOf } from "./evaluated.js";
import { readJobRow } from "./job-view.js";

/** What only the comparison shows: too much for lists of jobs. */
interface Details {
  readonly differences: readonly ModelDifference[];
  readonly textSamples: TextSamples | null;
}

/** Dense model, baselines and winners. Rejects with AppError JOB_NOT_FOUND. */
export async function readComparison(database: Database, jobId: JobId): Promise<ComparisonView> {
  const job = await readJobRow(database, jobId);
  const [details] = await database.$queryRaw<Details[]>`
    SELECT differences, text_samples AS "textSamples" FROM jobs WHERE id = ${jobId}`;
  const { state, dense, baselines, improvement, spec } = job;
  const samples = details?.textSamples ?? null;
  return {
    state,
    dense,
    baselines: [...baselines],
    best: bestOf(job),
    improvement: [...improvement],
    differences: [...(details?.differences ?? [])],
    ...(samples === null ? {} : { text_samples: samples }),
    contamination: [...(spec.contamination ?? [])],
  };
}
