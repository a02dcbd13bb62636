import type { JobId, TrialQuery } from "@espalier/contracts";
import type { CursorValues } from "../cursors/cursor.js";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { sortable } from "../trials/sorted-values.js";
import { type Keyset, readKeyset } from "./keyset.js";
import { keptKeyset, keptTrials, parameterOrder } from "./sorted-trials.js";
import { boundsOf } from "./trial-bounds.js";

/** Columns under the contract's names; times are still Dates. */
export type TrialRow = Readonly<Record<string, unknown>> & { readonly number: number };

/** A row with the value that it is sorted by, as a cursor keeps it. */
export type ListedRow = TrialRow & { readonly sort_value: string | number | null };

/** Which rows of a job's trials come next, and what of them is read. */
export interface TrialListing {
  readonly jobId: JobId;
  readonly query: TrialQuery;
  readonly columns: Prisma.Sql;
  readonly isDescending: boolean;
  readonly limit: number;
  readonly after: CursorValues | undefined;
}

/** Next rows of a sorted and filtered list of trials. */
export async function listTrials(database: Database, listing: TrialListing): Promise<readonly ListedRow[]> {
  const { jobId, query, columns, ...place } = listing;
  const by = await sortOf(database, jobId, query);
  if (by !== undefined && "parameter" in by) {
    const { parameter } = by;
    return readKeyset({ ...place, ...keptKeyset }, (condition, order, limit) =>
      database.$queryRaw<ListedRow[]>(keptTrials({ jobId, query, columns, parameter }, condition, order, limit)),
    );
  }
  const keyset: Keyset = { ...place, by, tie: { column: Prisma.sql`number`, type: Prisma.sql`int` } };
  return readKeyset(
    keyset,
    (condition, order, count) => database.$queryRaw<ListedRow[]>`
      SELECT ${columns}, ${by?.cursorValue ?? Prisma.sql`NULL`} AS sort_value FROM trials
      WHERE ${filterOf(jobId, query)} AND ${condition} ORDER BY ${order} LIMIT ${count}`,
  );
}

type TrialSort = NonNullable<Keyset["by"]> & { readonly cursorValue: Prisma.Sql };

/** Undefined: by number. */
async function sortOf(
  database: Database,
  jobId: JobId,
  query: TrialQuery,
): Promise<TrialSort | { readonly parameter: { readonly id: number; readonly name: string } } | undefined> {
  const key = query.sort.replace(/^-/, "");
  if (key === "number") return undefined;
  if (!key.startsWith("param:")) {
    const column = key === "score" ? Prisma.sql`score` : Prisma.sql`duration_seconds`;
    return { column, type: Prisma.sql`float8`, isNullable: true, cursorValue: column };
  }
  const name = key.slice("param:".length);
  const order = await parameterOrder(database, jobId, name, query);
  if (order.kind === "kept") return { parameter: { id: order.id, name } };
  return order.kind === "none" ? undefined : parameterSort(name);
}

function parameterSort(name: string): TrialSort {
  const column = Prisma.sql`(${sortable(Prisma.sql`params`, Prisma.sql`${name}::text`)})`;
  return { column, type: Prisma.sql`jsonb`, isNullable: true, cursorValue: Prisma.sql`${column}::text` };
}

function filterOf(jobId: JobId, query: TrialQuery): Prisma.Sql {
  const conditions = [Prisma.sql`job_id = ${jobId}`, ...boundsOf(query)];
  if (query.state !== undefined) conditions.push(Prisma.sql`state = ${query.state}`);
  return Prisma.join(conditions, " AND ");
}
