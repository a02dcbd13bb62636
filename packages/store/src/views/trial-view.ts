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
import { toPage } from "./page.js";
import { listTrials, type TrialListing, type TrialRow } from "./trial-listing.js";

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
  const { limit, cursor, fields = trialFields, ...filter } = query;
  const { sort } = filter;
  const list = { list: "trials", jobId, ...filter };
  const listing: TrialListing = {
    jobId,
    query,
    columns: columnsOf([...new Set<TrialField>(["number", ...fields])]),
    isDescending: sort.startsWith("-"),
    limit: limit + 1,
    after: cursor === undefined ? undefined : cursors.decode(list, cursor),
  };
  const rows = await listTrials(database, listing);
  const page = toPage(rows, limit, ({ sort_value, number }) => cursors.encode(list, [sort_value, number]));
  return { ...page, data: page.data.map((row) => fieldsOf(row, fields)) };
}

function fieldsOf(row: TrialRow, fields: readonly TrialField[]): PartialTrial {
  const trial: Record<string, unknown> = {};
  for (const field of fields) {
    const value = row[field];
    trial[field] = value instanceof Date ? value.toISOString() : value;
  }
  return trial;
}
