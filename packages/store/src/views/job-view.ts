import { AppError, type JobId, type JobQuery, type JobView, type Page } from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import type { Database } from "../database/connect.js";
import { json } from "../database/json.js";
import { Prisma } from "../generated/client.js";
import { bestBaselines, bestOf } from "./evaluated.js";
import { type JobRow, jobColumns } from "./job-columns.js";
import { toPage } from "./page.js";
import { progressOf } from "./progress.js";

/** Reads one job's row. Rejects with AppError JOB_NOT_FOUND. */
export async function readJobRow(database: Database, id: JobId): Promise<JobRow> {
  const [row] = await database.$queryRaw<JobRow[]>`SELECT ${jobColumns} FROM jobs AS j WHERE j.id = ${id}`;
  if (!row) throw jobNotFound(id);
  return row;
}

/** Rejects with AppError JOB_NOT_FOUND unless the job exists. */
export async function checkJobExists(database: Database, id: JobId): Promise<void> {
  const found = await database.job.findUnique({ where: { id }, select: { id: true } });
  if (!found) throw jobNotFound(id);
}

const jobNotFound = (id: JobId) => new AppError("JOB_NOT_FOUND", `No job '${id}'. List jobs with GET /v1/jobs.`);

/** One page of jobs by creation time. */
export async function readJobs(database: Database, cursors: CursorCodec, query: JobQuery): Promise<Page<JobView>> {
  const { state, label, sort, limit, cursor } = query;
  const list = { list: "jobs", state, label, sort };
  const isDescending = sort === "-created_at";
  const conditions = [Prisma.sql`true`];
  if (state !== undefined) conditions.push(Prisma.sql`j.state = ${state}`);
  if (label !== undefined) conditions.push(Prisma.sql`j.labels @> ${json(labelObject(label))}::jsonb`);
  if (cursor !== undefined) {
    const [createdAt = null, id = null] = cursors.decode(list, cursor);
    const after = Prisma.sql`(${createdAt}::timestamptz, ${id}::text)`;
    conditions.push(
      isDescending ? Prisma.sql`(j.created_at, j.id) < ${after}` : Prisma.sql`(j.created_at, j.id) > ${after}`,
    );
  }
  const order = isDescending ? Prisma.sql`j.created_at DESC, j.id DESC` : Prisma.sql`j.created_at, j.id`;
  const rows = await database.$queryRaw<JobRow[]>`
    SELECT ${jobColumns} FROM jobs AS j WHERE ${Prisma.join(conditions, " AND ")} ORDER BY ${order} LIMIT ${limit + 1}`;
  const page = toPage(rows, limit, (row) => cursors.encode(list, [row.createdAt.toISOString(), row.id]));
  return { ...page, data: page.data.map(jobView) };
}

function labelObject(label: string): Readonly<Record<string, string>> {
  const colon = label.indexOf(":");
  return { [label.slice(0, colon)]: label.slice(colon + 1) };
}

/** The contract's shape of a job. */
export function jobView(job: JobRow): JobView {
  const { completed, pruned, failed, infeasible, running } = job;
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
    updated_at: job.updatedAt.toISOString(),
    labels: { ...job.labels },
    spec: { ...job.spec },
    progress: progressOf(job),
    trials: {
      budget: job.trialBudget,
      completed,
      pruned,
      failed,
      infeasible,
      running,
      tokens_saved: job.sharesSaved / Math.max(1, completed + pruned),
    },
    dense: job.dense,
    best: bestOf(job),
    best_baseline: bestBaselines(job.baselines),
    timing: {
      profile_seconds: job.profileSeconds,
      mean_trial_seconds: job.trialsTimed === 0 ? null : job.trialSeconds / job.trialsTimed,
      total_seconds: secondsBetween(job.startedAt, job.finishedAt),
    },
    error: errorOf(job),
  };
}

const secondsBetween = (from: Date | null, to: Date | null): number | null =>
  from && to ? (to.getTime() - from.getTime()) / 1000 : null;

function errorOf({ errorCode: code, errorDetail: detail, errorStage: stage }: JobRow): JobView["error"] {
  return code === null ? null : { code, detail: detail ?? "", stage: stage ?? "" };
}
