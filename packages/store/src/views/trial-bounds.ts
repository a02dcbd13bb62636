import type { TrialQuery } from "@espalier/contracts";
import { Prisma } from "../generated/client.js";

/** Conditions that a query sets on the numbers and scores of trials, also of those whose values are kept apart. */
export function boundsOf({ min_number, max_number, min_score, max_score }: TrialQuery): readonly Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  if (min_number !== undefined) conditions.push(Prisma.sql`number >= ${min_number}::int`);
  if (max_number !== undefined) conditions.push(Prisma.sql`number <= ${max_number}::int`);
  if (min_score !== undefined) conditions.push(Prisma.sql`score >= ${min_score}::float8`);
  if (max_score !== undefined) conditions.push(Prisma.sql`score <= ${max_score}::float8`);
  return conditions;
}
