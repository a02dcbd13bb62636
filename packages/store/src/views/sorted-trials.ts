import { type JobId, type TrialQuery, type TrialState, trialStates } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { sortable } from "../trials/sorted-values.js";
import type { Keyset } from "./keyset.js";
import { boundsOf } from "./trial-bounds.js";

/** How a job's trials are sorted by one parameter: by kept values, as they are read, or not at all where none has it. */
export type ParameterOrder =
  | { readonly kind: "kept"; readonly id: number }
  | { readonly kind: "as_read" }
  | { readonly kind: "none" };

/** Which kept trials are listed, and what of them is shown. */
interface KeptListing {
  readonly jobId: JobId;
  readonly query: TrialQuery;
  readonly columns: Prisma.Sql;
  readonly parameter: { readonly id: number; readonly name: string };
}

/** So many trials in a range of scores or numbers are sorted as they are read. */
const FEW = 200;

/** Whose trials are kept: settled ones never change. */
const settled: readonly TrialState[] = ["completed", "pruned", "failed", "infeasible"];

/** How the kept values are walked: `v` has a value and the number of its trial. */
export const keptKeyset: Pick<Keyset, "by" | "tie"> = {
  by: { column: Prisma.sql`v.value`, type: Prisma.sql`jsonb`, isNullable: true },
  tie: { column: Prisma.sql`v.number`, type: Prisma.sql`int` },
};

/** Trials of a small job are sorted as they are read, and so are the few in a narrow range of scores or numbers. */
export async function parameterOrder(
  database: Database,
  jobId: JobId,
  name: string,
  query: TrialQuery,
): Promise<ParameterOrder> {
  const [kept] = await database.$queryRaw<{ id: number | null }[]>`
    SELECT max(id) FILTER (WHERE name = ${name}) AS id FROM sorted_parameters WHERE job_id = ${jobId} HAVING count(*) > 0`;
  if (!kept) return { kind: "as_read" };
  if (kept.id === null) return { kind: "none" };
  const bounds = withinBounds(query);
  if (bounds === undefined) return { kind: "kept", id: kept.id };
  const [{ few = true } = {}] = await database.$queryRaw<{ few: boolean }[]>`
    SELECT count(*) < ${FEW} AS few FROM (
      SELECT 1 FROM trials WHERE job_id = ${jobId} AND ${bounds} LIMIT ${FEW}) AS found`;
  return few ? { kind: "as_read" } : { kind: "kept", id: kept.id };
}

function withinBounds(query: TrialQuery): Prisma.Sql | undefined {
  const conditions = [...boundsOf(query)];
  return conditions.length === 0 ? undefined : Prisma.join(conditions, " AND ");
}

/**
 * Query of the next trials along the kept values. Each settled state is one walk along the index, which ends at `limit`;
 * open and cancelled trials, never more than run at once, are sorted as they are. The walks are merged, and what is
 * shown of the trials is looked up, one by one.
 */
export function keptTrials(listing: KeptListing, condition: Prisma.Sql, order: Prisma.Sql, limit: number): Prisma.Sql {
  const { jobId, query, columns } = listing;
  const states = query.state === undefined ? trialStates : [query.state];
  const walks = states.map((state) => {
    const rows = settled.includes(state) ? keptRows(listing, state) : openRows(listing, state);
    return Prisma.sql`(SELECT v.value, v.number FROM ${rows} AND ${condition} ORDER BY ${order} LIMIT ${limit})`;
  });
  return Prisma.sql`
    SELECT shown.*, v.value::text AS sort_value
    FROM (SELECT v.value, v.number FROM (${Prisma.join(walks, " UNION ALL ")}) AS v ORDER BY ${order} LIMIT ${limit}) AS v
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM trials WHERE job_id = ${jobId} AND number = v.number LIMIT 1
    ) AS shown
    ORDER BY ${order}`;
}

function keptRows({ query, parameter }: KeptListing, state: TrialState): Prisma.Sql {
  return Prisma.sql`sorted_values AS v WHERE v.parameter_id = ${parameter.id}::int AND v.state = ${state}
    AND ${withinBounds(query) ?? Prisma.sql`true`}`;
}

function openRows({ jobId, query, parameter }: KeptListing, state: TrialState): Prisma.Sql {
  return Prisma.sql`(
    SELECT ${sortable(Prisma.sql`params`, Prisma.sql`${parameter.name}::text`)} AS value, number FROM trials
    WHERE job_id = ${jobId} AND state = ${state} AND ${withinBounds(query) ?? Prisma.sql`true`}
  ) AS v WHERE true`;
}
