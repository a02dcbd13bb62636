import {
  AppError,
  type JobId,
  type Page,
  type TrialQuery,
  type TrialResult,
  type TrialState,
  type TrialView,
} from "@espalier/contracts";
import type { Params } from "@espalier/pipeline";
import type { CursorCodec, CursorValues } from "../cursors/cursor.js";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { checkJobExists } from "./job-view.js";
import { toPage } from "./page.js";

interface TrialRow {
  readonly number: number;
  readonly state: TrialState;
  readonly origin: TrialView["origin"];
  readonly params: Params | null;
  readonly score: number | null;
  readonly rival: number | null;
  readonly partialScore: number | null;
  readonly scoredShare: number | null;
  readonly results: TrialResult[];
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly durationSeconds: number | null;
  readonly reason: string | null;
}

const columns = Prisma.sql`
  number, state, origin, params, score, rival, partial_score AS "partialScore",
  scored_share AS "scoredShare", results, epoch AS attempts, started_at AS "startedAt",
  finished_at AS "finishedAt", duration_seconds AS "durationSeconds", reason`;

/** Rejects with AppError JOB_NOT_FOUND or TRIAL_NOT_FOUND. */
export async function readTrial(database: Database, jobId: JobId, number: number): Promise<TrialView> {
  const [row] = await database.$queryRaw<TrialRow[]>`
    SELECT ${columns} FROM trials WHERE job_id = ${jobId} AND number = ${number}::bigint`;
  if (row) return trialView(row);
  await checkJobExists(database, jobId);
  throw new AppError(
    "TRIAL_NOT_FOUND",
    `Job '${jobId}' has no trial ${number}. List them with GET /v1/jobs/${jobId}/trials.`,
  );
}

/** What a page is sorted by: the column, null where it may be null, and the direction. */
const sortColumns = { score: Prisma.sql`score`, duration: Prisma.sql`duration_seconds` } as const;

interface Slice {
  readonly filter: Prisma.Sql;
  readonly limit: number;
  readonly isDescending: boolean;
  /** Of the last row seen. */
  readonly after: CursorValues | undefined;
}

/**
 * One page of a job's trials. Rows with a value are read first, along the index, then those without: so nulls come last
 * in both directions. Equal values are ordered by number, in the sort's own direction.
 */
export async function readTrials(
  database: Database,
  cursors: CursorCodec,
  jobId: JobId,
  query: TrialQuery,
): Promise<Page<TrialView>> {
  await checkJobExists(database, jobId);
  const { state, min_score, max_score, sort, limit, cursor } = query;
  const list = { list: "trials", jobId, state, min_score, max_score, sort };
  const key = sort.replace("-", "") as "number" | "score" | "duration";
  const slice: Slice = {
    filter: filterOf(jobId, query),
    limit: limit + 1,
    isDescending: sort.startsWith("-"),
    after: cursor === undefined ? undefined : cursors.decode(list, cursor),
  };
  const rows = key === "number" ? await byNumber(database, slice) : await byValue(database, slice, sortColumns[key]);
  const sortValue = (row: TrialRow) => ({ number: null, score: row.score, duration: row.durationSeconds })[key];
  const page = toPage(rows, limit, (row) => cursors.encode(list, [sortValue(row), row.number]));
  return { ...page, data: page.data.map(trialView) };
}

function filterOf(jobId: JobId, { state, min_score, max_score }: TrialQuery): Prisma.Sql {
  const conditions = [Prisma.sql`job_id = ${jobId}`];
  if (state !== undefined) conditions.push(Prisma.sql`state = ${state}`);
  if (min_score !== undefined) conditions.push(Prisma.sql`score >= ${min_score}::float8`);
  if (max_score !== undefined) conditions.push(Prisma.sql`score <= ${max_score}::float8`);
  return Prisma.join(conditions, " AND ");
}

function byNumber(database: Database, { filter, limit, isDescending, after }: Slice): Promise<TrialRow[]> {
  const number = after?.[1] ?? null;
  const rest =
    number === null ? Prisma.sql`true` : compare(isDescending, Prisma.sql`number`, Prisma.sql`${number}::int`);
  return database.$queryRaw<TrialRow[]>`
    SELECT ${columns} FROM trials WHERE ${filter} AND ${rest}
    ORDER BY ${isDescending ? Prisma.sql`number DESC` : Prisma.sql`number`} LIMIT ${limit}`;
}

async function byValue(database: Database, slice: Slice, column: Prisma.Sql): Promise<TrialRow[]> {
  const { filter, limit, isDescending, after } = slice;
  const [value = null, number = null] = after ?? [];
  const isInNulls = after !== undefined && value === null;
  const direction = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const rest =
    value === null
      ? Prisma.sql`true`
      : compare(isDescending, Prisma.sql`(${column}, number)`, Prisma.sql`(${value}::float8, ${number}::int)`);
  const valued = isInNulls
    ? []
    : await database.$queryRaw<TrialRow[]>`
        SELECT ${columns} FROM trials WHERE ${filter} AND ${column} IS NOT NULL AND ${rest}
        ORDER BY ${column} ${direction}, number ${direction} LIMIT ${limit}`;
  if (valued.length === limit) return valued;
  const filterNulls = Prisma.sql`${filter} AND ${column} IS NULL`;
  const nulls = {
    filter: filterNulls,
    limit: limit - valued.length,
    isDescending,
    after: isInNulls ? after : undefined,
  };
  return [...valued, ...(await byNumber(database, nulls))];
}

const compare = (isDescending: boolean, left: Prisma.Sql, right: Prisma.Sql): Prisma.Sql =>
  isDescending ? Prisma.sql`${left} < ${right}` : Prisma.sql`${left} > ${right}`;

function trialView(row: TrialRow): TrialView {
  return {
    number: row.number,
    state: row.state,
    origin: row.origin,
    params: row.params && { ...row.params },
    score: row.score,
    rival: row.rival,
    partial_score: row.partialScore,
    scored_share: row.scoredShare,
    results: row.results,
    attempts: row.attempts,
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
    duration_seconds: row.durationSeconds,
    reason: row.reason,
  };
}
