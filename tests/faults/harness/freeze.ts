import { setTimeout as sleep } from "node:timers/promises";
import type { BuiltProcess } from "./built-process.js";
import type { Place } from "./place.js";

export type Stage = "profile" | "trial" | "export";

/** True of the rows while the stage's work is in a compute child. */
const inWork = {
  profile: "SELECT stage_epoch AS epoch FROM jobs WHERE id = $1 AND state = 'profiling' AND stage_owner IS NOT NULL",
  trial: "SELECT epoch, number FROM trials WHERE job_id = $1 AND state = 'running' AND params IS NOT NULL",
  export: "SELECT stage_epoch AS epoch FROM jobs WHERE id = $1 AND state = 'exporting' AND stage_owner IS NOT NULL",
} as const satisfies Record<Stage, string>;

/** A task or a result that was on its way when its child was frozen arrives within this time. */
const ARRIVAL_MS = 1_000;
const PAUSE_MS = 10;
const ENDED = "SELECT state FROM jobs WHERE id = $1 AND finished_at IS NOT NULL";

/** A worker whose children stand still in the middle of a stage of a job. */
export interface Frozen {
  readonly epoch: number;
  /** Of the trial; -1 in other stages. */
  readonly number: number;
  /** Lets the children go on, or notice that their worker is gone. */
  thaw(): void;
}

/**
 * Suspends the compute children of a worker exactly while one works on that stage of the job: what the test does next
 * happens in the middle of it, however fast or slow the machine is, and `isThere` holds. Throws when that is missed.
 */
export async function freezeIn(
  stage: Stage,
  place: Place,
  worker: BuiltProcess,
  id: string,
  isThere: () => boolean = () => true,
): Promise<Frozen> {
  const find = async () => (await place.database.query<{ epoch: number; number?: number }>(inWork[stage], [id]))[0];
  for (;;) {
    if (await find()) {
      const children = worker.children();
      signal(children, "SIGSTOP");
      const before = await find();
      if (before && isThere()) await sleep(ARRIVAL_MS);
      const now = await find();
      const isSame = now !== undefined && now.epoch === before?.epoch && now.number === before.number;
      const thaw = () => signal(children, "SIGCONT");
      if (isSame && isThere() && children.length > 0) return { epoch: now.epoch, number: now.number ?? -1, thaw };
      thaw();
    }
    const [ended] = await place.database.query(ENDED, [id]);
    if (ended) throw new Error(`${id} is ${ended["state"]}: missed the ${stage}`);
    await sleep(PAUSE_MS);
  }
}

function signal(pids: readonly number[], name: "SIGSTOP" | "SIGCONT"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
  }
}
