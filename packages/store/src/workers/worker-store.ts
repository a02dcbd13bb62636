import type { WorkerId, WorkerView } from "@espalier/contracts";
import type { Database } from "../database/connect.js";

/** Three of a worker's reports, which come every ten seconds. */
const STALE_SECONDS = 30;
/** Rows of workers that were killed are shown for so long, to be noticed. */
const KEPT_MINUTES = 10;
const LISTED = 100;

/** What a worker says of itself. */
export interface SeenWorker {
  readonly id: WorkerId;
  /** Processor, its count, system. */
  readonly machine: string;
  readonly provider: string;
  readonly version: string;
  readonly threads: number;
  /** Trials at once, at most. */
  readonly concurrency: number;
  /** Profiles, trials and exports now. */
  readonly inHand: number;
}

/** Which workers are there, by the database's clock. For people: leases alone decide whose work is taken over. */
export interface WorkerStore {
  /** Notes that this worker is there, and forgets those that have been silent for ten minutes. */
  seen(worker: SeenWorker): Promise<void>;
  /** Forgets a worker that ends. */
  gone(id: WorkerId): Promise<void>;
  /** At most 100, the one heard of last first. The last rows stay while no worker is there to remove them. */
  list(): Promise<WorkerView[]>;
}

interface WorkerRow extends SeenWorker {
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  readonly stale: boolean;
}

/** Workers in Postgres. */
export function makeWorkerStore(database: Database): WorkerStore {
  return {
    async seen({ id, machine, provider, version, threads, concurrency, inHand }) {
      await database.$executeRaw`
        WITH silent AS (
          DELETE FROM workers
          WHERE last_seen_at < clock_timestamp() - make_interval(mins => ${KEPT_MINUTES}::int) AND id <> ${id})
        INSERT INTO workers (id, machine, provider, version, threads, concurrency, in_hand)
        VALUES (${id}, ${machine}, ${provider}, ${version}, ${threads}, ${concurrency}, ${inHand})
        ON CONFLICT (id) DO UPDATE SET in_hand = excluded.in_hand, last_seen_at = clock_timestamp()`;
    },
    async gone(id) {
      await database.$executeRaw`DELETE FROM workers WHERE id = ${id}`;
    },
    async list() {
      const rows = await database.$queryRaw<WorkerRow[]>`
        SELECT id, machine, provider, version, threads, concurrency, in_hand AS "inHand", started_at AS "startedAt",
          last_seen_at AS "lastSeenAt",
          last_seen_at < clock_timestamp() - make_interval(secs => ${STALE_SECONDS}) AS stale
        FROM workers ORDER BY last_seen_at DESC, id LIMIT ${LISTED}`;
      return rows.map(view);
    },
  };
}

const view = ({ inHand, startedAt, lastSeenAt, ...worker }: WorkerRow): WorkerView => ({
  ...worker,
  in_hand: inHand,
  started_at: startedAt.toISOString(),
  last_seen_at: lastSeenAt.toISOString(),
});
