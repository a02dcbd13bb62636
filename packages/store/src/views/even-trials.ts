import type { JobId } from "@espalier/contracts";
import { Prisma } from "../generated/client.js";

/**
 * Which trials are chosen from. Written so that only an index by number helps: an index by state would be chosen
 * where Postgres has no statistics yet, and read whole.
 */
const conditions = {
  settled: Prisma.sql`state NOT IN ('waiting', 'running', 'cancelled')`,
  /** Completed, and not refined: a refined trial's score says nothing about its point. */
  analysed: Prisma.sql`score IS NOT NULL AND origin <> 'refinement'`,
} as const;

type TrialKind = keyof typeof conditions;

/** Condition on `trials` that makes a job's trial one of a kind. */
export const isOfKind = (jobId: JobId, kind: TrialKind): Prisma.Sql =>
  Prisma.sql`job_id = ${jobId} AND ${conditions[kind]}`;

/** Trial numbers from `first` to before `end`. */
export interface NumberRange {
  readonly first: number;
  readonly end: number;
}

/** Which trials are looked up, and what of them. */
interface EvenTrials {
  readonly jobId: JobId;
  readonly kind: TrialKind;
  readonly range: NumberRange;
  readonly count: number;
  readonly columns: Prisma.Sql;
}

/**
 * Query of columns of at most `count` of a job's trials of a kind, evenly over a range: the first of each of so many equal
 * stretches. Each is one look along an index, however many trials there are.
 */
export function evenTrials({ jobId, kind, range, count, columns }: EvenTrials): Prisma.Sql {
  const { first, end } = range;
  const span = Math.max(0, end - first);
  const stretches = Math.min(count, span);
  const bound = (k: Prisma.Sql) =>
    Prisma.sql`(${first}::bigint + ${k} * ${span}::bigint / ${Math.max(1, stretches)}::bigint)::int`;
  return Prisma.sql`
    SELECT found.* FROM generate_series(0, ${stretches - 1}::bigint) AS k CROSS JOIN LATERAL (
      SELECT ${columns} FROM trials
      WHERE ${isOfKind(jobId, kind)}
        AND number >= ${bound(Prisma.sql`k`)} AND number < ${bound(Prisma.sql`(k + 1)`)}
      ORDER BY number LIMIT 1
    ) AS found`;
}
