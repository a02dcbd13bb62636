import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import type { Sealer } from "./seal.js";

const BATCH = 200;

/** Every column that holds sealed secrets. */
const columns = [
  { table: Prisma.raw("webhook_endpoints"), column: Prisma.raw("secret") },
  { table: Prisma.raw("webhook_endpoints"), column: Prisma.raw("previous_secret") },
  { table: Prisma.raw("job_webhooks"), column: Prisma.raw("secret") },
] as const;

/** What became of the secrets that the current key had not sealed. */
export interface Resealed {
  readonly resealed: number;
  /** Sealed by a key that is not configured. */
  readonly unreadable: number;
}

/** Keeps stored webhook secrets few and sealed with the current key; safe to call at any time, from several processes. */
export interface SecretUpkeep {
  /** Removes previous secrets whose day is over. Returns how many. */
  dropEnded(): Promise<number>;
  /** Seals anew with the current key what previous ones sealed. */
  reseal(): Promise<Resealed>;
}

export function makeSecretUpkeep(database: Database, sealer: Sealer): SecretUpkeep {
  return {
    dropEnded: () => database.$executeRaw`
      UPDATE webhook_endpoints SET previous_secret = NULL, previous_secret_until = NULL
      WHERE previous_secret_until <= clock_timestamp()`,
    async reseal() {
      const total = { resealed: 0, unreadable: 0 };
      for (const place of columns) {
        const { resealed, unreadable } = await resealColumn(database, sealer, place);
        total.resealed += resealed;
        total.unreadable += unreadable;
      }
      return total;
    },
  };
}

async function resealColumn(database: Database, sealer: Sealer, { table, column }: (typeof columns)[number]) {
  const found = { resealed: 0, unreadable: 0 };
  const { currentId } = sealer;
  let after = "";
  for (;;) {
    const rows = await database.$queryRaw<{ id: string; sealed: Uint8Array<ArrayBuffer> }[]>`
      SELECT id::text AS id, ${column} AS sealed FROM ${table}
      WHERE substring(${column} FROM 1 FOR ${currentId.length}::int) <> ${currentId} AND id::text > ${after}
      ORDER BY id::text LIMIT ${BATCH}`;
    for (const { id, sealed } of rows) {
      const secret = sealer.open(sealed);
      if (secret === undefined) found.unreadable++;
      else {
        // Only what was read: a secret that was rotated meanwhile stays.
        found.resealed += await database.$executeRaw`
          UPDATE ${table} SET ${column} = ${sealer.seal(secret)} WHERE id::text = ${id} AND ${column} = ${sealed}`;
      }
    }
    const last = rows.at(-1);
    if (rows.length < BATCH || last === undefined) return found;
    after = last.id;
  }
}
