import type { JobId } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { Prisma } from "../generated/client.js";

/** Jobs of at most so many trials are sorted by a parameter as they are read, which takes about 15 ms. */
const SORTED_AS_READ = 5_000;

/** Longer texts are sorted by their beginning: an entry of an index has little room. */
const SORTED_LENGTH = 100;

/** A parameter's value as it is sorted by, as JSON: texts as texts, numbers as numbers. */
export const sortable = (params: Prisma.Sql, name: Prisma.Sql): Prisma.Sql => Prisma.sql`
  CASE WHEN jsonb_typeof(${params}->${name}) = 'string' AND length(${params}->>${name}) > ${SORTED_LENGTH}::int
    THEN to_jsonb(left(${params}->>${name}, ${SORTED_LENGTH}::int)) ELSE ${params}->${name} END`;

/** Names the parameters that the trials of a large job are sorted by. */
export async function nameSorted(
  tx: Transaction,
  jobId: JobId,
  trialBudget: number,
  names: readonly string[],
): Promise<void> {
  if (trialBudget <= SORTED_AS_READ) return;
  await tx.$executeRaw`INSERT INTO sorted_parameters (job_id, name) SELECT ${jobId}, unnest(${[...names]}::text[])`;
}

/**
 * Keeps what a settled trial of a large job is sorted by, one row for each of the job's parameters, null where it has
 * none. A settled trial never changes, so these rows do not either.
 */
export async function keepSorted(tx: Transaction, jobId: JobId, number: number, trialBudget: number): Promise<void> {
  if (trialBudget <= SORTED_AS_READ) return;
  await tx.$executeRaw`
    INSERT INTO sorted_values (parameter_id, number, state, value, score)
    SELECT p.id, t.number, t.state, ${sortable(Prisma.sql`t.params`, Prisma.sql`p.name`)}, t.score
    FROM trials AS t JOIN sorted_parameters AS p ON p.job_id = t.job_id
    WHERE t.job_id = ${jobId} AND t.number = ${number}::int`;
}
