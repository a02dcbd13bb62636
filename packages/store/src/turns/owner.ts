import type { JobId } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { Prisma } from "../generated/client.js";

/** What workers take turns for. */
export type WorkKind = "profile" | "trial" | "export";

/** Who a job (as `j`) belongs to: its API key, or everybody who has none. As in the indexes. */
export const owner = Prisma.sql`COALESCE(j.api_key_id, '')`;

/** Puts the job's owner at the end of the line. The last statement of a claim: rows of an owner are hot. */
export async function endTurn(tx: Transaction, kind: WorkKind, jobId: JobId): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO work_turns (kind, owner, served_at) SELECT ${kind}, ${owner}, clock_timestamp() FROM jobs AS j WHERE j.id = ${jobId}
    ON CONFLICT (kind, owner) DO UPDATE SET served_at = EXCLUDED.served_at`;
}
