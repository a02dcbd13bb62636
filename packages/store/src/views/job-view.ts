import { AppError, type JobId, type JobQuery, type JobView, type Page } from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import type { Database } from "../database/connect.js";
import { json } from "../database/json.js";
import { Prisma } from "../generated/client.js";
import { bestBaselines, bestOf } from "./evaluated.js";
import { type JobRow, jobColumns } from "./job-columns.js";
import { type Keyset, readKeyset } from "./keyset.js";
import { toPage } from "./page.js";
import { progressOf } from "./progress.js";

/** Reads one job's row. Rejects with AppError JOB_NOT_FOUND. */
export async function readJobRow(database: Database, id: JobId): Promise<JobRow> {
  const [row] = await database.$queryRaw<
    JobRow[]
  >`SELECT ${jobColumns} FROM jobs AS j WHERE j.id = ${id} AND j.deleted_at IS NULL`;
  if (!row) throw jobNotFound(id);
  return row;
}

/** Rejects with AppError JOB_NOT_FOUND unless the job exists. */
export async function checkJobExists(database: Database, id: JobId): Promise<void> {
  const found = await database.job.findFirst({ where: { id, deletedAt: null }, select: { id: true } });
  if (!found) throw jobNotFound(id);
}

/** Condition: the job is there. For reads that would find what a deleted one has not lost yet. */
export const jobIsThere = (id: JobId): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT 1 FROM jobs WHERE id = ${id} AND deleted_at IS NULL)`;

const jobNotFound = (id: JobId) => new AppError("JOB_NOT_FOUND", `No job '${id}'. List jobs with GET /v1/jobs.`);

/** One page of jobs. Rejects with AppError CURSOR_INVALID. */
export async function readJobs(database: Database, cursors: CursorCodec, query: JobQuery): Promise<Page<JobView>> {
  const { sort, limit, cursor, ...filter } = query;
  const list = { list: "jobs", sort, ...filter };
  const isByCreation = sort.endsWith("created_at");
  const keyset: Keyset = {
    by: {
      column: isByCreation ? Prisma.sql`j.created_at` : Prisma.sql`j.finished_at`,
      type: Prisma.sql`timestamptz`,
      isNullable: !isByCreation,
    },
    tie: { column: Prisma.sql`j.id`, type: Prisma.sql`text` },
    isDescending: sort.startsWith("-"),
    limit: limit + 1,
    after: cursor === undefined ? undefined : cursors.decode(list, cursor),
  };
  const rows = await readKeyset(
    keyset,
    (condition, order, count) => database.$queryRaw<JobRow[]>`
      SELECT ${jobColumns} FROM jobs AS j WHERE ${filterOf(query)} AND ${condition} ORDER BY ${order} LIMIT ${count}`,
  );
  const sortValue = ({ createdAt, finishedAt }: JobRow) => (isByCreation ? createdAt : finishedAt);
  const page = toPage(rows, limit, (row) => cursors.encode(list, [sortValue(row)?.toISOString() ?? null, row.id]));
  return { ...page, data: page.data.map(jobView) };
}

function filterOf({ state, label, model, hub, created_from, created_before }: JobQuery): Prisma.Sql {
  const conditions = [Prisma.sql`j.deleted_at IS NULL`];
  if (state !== undefined) conditions.push(Prisma.sql`j.state = ${state}`);
  if (label !== undefined) conditions.push(Prisma.sql`j.labels @> ${json(labelObject(label))}::jsonb`);
  if (model !== undefined) conditions.push(Prisma.sql`j.spec->'model'->>'path' = ${model}`);
  if (hub !== undefined) conditions.push(Prisma.sql`j.spec->'model'->>'hub' = ${hub}`);
  if (created_from !== undefined) conditions.push(Prisma.sql`j.created_at >= ${created_from}::timestamptz`);
  if (created_before !== undefined) conditions.push(Prisma.sql`j.created_at < ${created_before}::timestamptz`);
  return Prisma.join(conditions, " AND ");
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
    api_key_id: job.apiKeyId,
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
    event_sequence: job.eventSequence,
    half_batch: job.halfBatch,
    pause: pauseOf(job),
    error: errorOf(job),
  };
}

const secondsBetween = (from: Date | null, to: Date | null): number | null =>
  from && to ? (to.getTime() - from.getTime()) / 1000 : null;

function pauseOf({ pausedFrom: from, pausedAt, pauseCode: code, pauseDetail }: JobRow): JobView["pause"] {
  if (from === null || pausedAt === null) return null;
  return { from, since: pausedAt.toISOString(), reason: code === null ? null : { code, detail: pauseDetail ?? "" } };
}

function errorOf({ errorCode: code, errorDetail: detail, errorStage: stage }: JobRow): JobView["error"] {
  return code === null ? null : { code, detail: detail ?? "", stage: stage ?? "" };
}
