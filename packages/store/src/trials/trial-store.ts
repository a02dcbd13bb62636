import type { JobId, TrialState } from "@espalier/contracts";
import type { Params, TrialPoint, TrialStore } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { trialInTurn } from "../turns/work-in-turn.js";
import { settleTrial } from "./settle-trial.js";
import { claimTrial, pauseTrial, proposeTrial, releaseTrial, renewTrial } from "./trial-lease.js";

/** Trial rows in Postgres. */
export function makeTrialStore(database: Database): TrialStore {
  return {
    inTurn: (wished) => trialInTurn(database, wished),
    claim: (jobId, number, owner, leaseSeconds) => claimTrial(database, jobId, number, owner, leaseSeconds),
    renew: (jobId, number, epoch, leaseSeconds) => renewTrial(database, jobId, number, epoch, leaseSeconds),
    release: (jobId, number, epoch, reason) => releaseTrial(database, jobId, number, epoch, reason),
    pause: (jobId, number, epoch, reason) => pauseTrial(database, jobId, number, epoch, reason),
    propose: (jobId, number, epoch, proposal) => proposeTrial(database, jobId, number, epoch, proposal),
    history: (jobId) => readHistory(database, jobId),
    settle: (jobId, number, epoch, outcome) => settleTrial(database, jobId, number, epoch, outcome),
  };
}

async function readHistory(database: Database, jobId: JobId): Promise<readonly TrialPoint[]> {
  const rows = await database.trial.findMany({
    where: { jobId, params: { not: Prisma.DbNull }, state: { not: "cancelled" } },
    orderBy: { number: "asc" },
    select: { number: true, state: true, params: true, score: true, partialScore: true },
  });
  return rows.map((row) => ({ ...row, state: row.state as TrialState, params: row.params as Params }));
}
