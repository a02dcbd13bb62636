import {
  AppError,
  type JobId,
  type Page,
  type PartialTrial,
  type TrialField,
  type TrialQuery,
  type TrialView,
  trialFields,
} from "@espalier/contracts";
import type { CursorCodec } from "../cursors/cursor.js";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { checkJobExists, jobIsThere } from "./job-view.js";
import { type Keyset, readKeyset } from "./keyset.js";
import { toPage } from "./page.js";

/** Columns under the contract's names; times are still Dates. */
type TrialRow = Readonly<Record<string, unknown>> & { readonly number: number };
type ListedRow = TrialRow & { readonly sort_value: string | number | null };

/** Fields whose column has another name. */
const renamed: Partial<Record<TrialField, Prisma.Sql>> = { attempts: Prisma.sql`epoch AS attempts` };

const columnsOf = (fields: readonly TrialField[]): Prisma.Sql =>
  Prisma.join(fields.map((field) => renamed[field] ?? Prisma.raw(field)));

/** Rejects with AppError JOB_NOT_FOUND or TRIAL_NOT_FOUND. */
export async function readTrial(database: Database, jobId: JobId, number: number): Promise<TrialView> {
  const [row] = await database.$queryRaw<TrialRow[]>`
    SELECT ${columnsOf(trialFields)} FROM trials WHERE job_id = ${jobId} AND number = ${number}::bigint
      AND ${jobIsThere(jobId)}`;
  if (row) return fieldsOf(row, trialFields) as TrialView;
  await checkJobExists(database, jobId);
  throw new AppError(
    "TRIAL_NOT_FOUND",
    `Job '${jobId}' has no trial ${number}. List them with GET /v1/jobs/${jobId}/trials.`,
  );
}

/** One page of a job's trials, whole whatever `fields` says. Rejects with AppError JOB_NOT_FOUND or CURSOR_INVALID. */
export const readTrials = (
  database: Database,
  cursors: CursorCodec,
  jobId: JobId,
  query: TrialQuery,
): Promise<Page<TrialView>> =>
  readTrialFields(database, cursors, jobId, { ...query, fields: undefined }) as Promise<Page<TrialView>>;

/** One page of a job's trials, of each the query's `fields`. */
export async function readTrialFields(
  database: Database,
  cursors: CursorCodec,
  jobId: JobId,
  query: TrialQuery,
): Promise<Page<PartialTrial>> {
  await checkJobExists(database, jobId);
  const { state, min_score, max_score, sort, limit, cursor, fields = trialFields } = query;
  const list = { list: "trials", jobId, state, min_score, max_score, sort };
  const by = sortColumn(sort.replace(/^-/, ""));
  const keyset: Keyset = {
    by,
    tie: { column: Prisma.sql`number`, type: Prisma.sql`int` },
    isDescending: sort.startsWith("-"),
    limit: limit + 1,
    after: cursor === undefined ? undefined : cursors.decode(list, cursor),
  };
  const columns = columnsOf([...new Set<TrialField>(["number", ...fields])]);
  const rows = await readKeyset(
    keyset,
    (condition, order, count) => database.$queryRaw<ListedRow[]>`
      SELECT ${columns}, ${by?.cursorValue ?? Prisma.sql`NULL`} AS sort_value FROM trials
      WHERE ${filterOf(jobId, query)} AND ${condition} ORDER BY ${order} LIMIT ${count}`,
  );
  const page = toPage(rows, limit, ({ sort_value, number }) => cursors.encode(list, [sort_value, number]));
  return { ...page, data: page.data.map((row) => fieldsOf(row, fields)) };
}

type TrialSort = NonNullable<Keyset["by"]> & { readonly cursorValue: Prisma.Sql };

/** Parameters are compared as JSON: numbers as numbers, texts as texts. */
function sortColumn(key: string): TrialSort | undefined {
  if (key === "number") return undefined;
  if (!key.startsWith("param:")) {
    const column = key === "score" ? Prisma.sql`score` : Prisma.sql`duration_seconds`;
    return { column, type: Prisma.sql`float8`, isNullable: true, cursorValue: column };
  }
  const column = Prisma.sql`(params->${key.slice("param:".length)}::text)`;
  return { column, type: Prisma.sql`jsonb`, isNullable: true, cursorValue: Prisma.sql`${column}::text` };
}

function filterOf(jobId: JobId, { state, min_score, max_score }: TrialQuery): Prisma.Sql {
  const conditions = [Prisma.sql`job_id = ${jobId}`];
  if (state !== undefined) conditions.push(Prisma.sql`state = ${state}`);
  if (min_score !== undefined) conditions.push(Prisma.sql`score >= ${min_score}::float8`);
  if (max_score !== undefined) conditions.push(Prisma.sql`score <= ${max_score}::float8`);
  return Prisma.join(conditions, " AND ");
}

function fieldsOf(row: TrialRow, fields: readonly TrialField[]): PartialTrial {
  const trial: Record<string, unknown> = {};
  for (const field of fields) {
    const value = row[field];
    trial[field] = value instanceof Date ? value.toISOString() : value;
  }
  return trial;
}
