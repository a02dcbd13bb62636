import type { JobView } from "@espalier/contracts";
import type { CalmRun } from "../harness/calm.js";
import type { Place } from "../harness/place.js";
import { violations } from "../invariants.js";

/** Ends of jobs that kills explain: the same trial or stage was hit three times. */
const EXPLAINED = ["COMPUTE_LOST", "SEARCH_INFEASIBLE"];

interface Ended {
  readonly state: string;
  readonly code: string | null;
  readonly count: number;
}

const readEnds = (place: Place) =>
  place.database.query<Ended>(
    "SELECT state, error_code AS code, count(*)::int AS count FROM jobs GROUP BY state, error_code",
  );

/** What is wrong after a soak: jobs that are not over, invariants, jobs that failed for a reason that kills do not explain. */
export async function wrongs(place: Place, open: readonly JobView[], calm: readonly CalmRun[]) {
  return [
    ...open.map(({ id, state }) => `invariant 1: ${id} is still ${state}`),
    ...(await violations(place, { calm, mayRun: open.length > 0, mayFinishEarly: true })),
    ...(await unexplained(place)),
  ];
}

/** Each with what the processes said of it when it failed. */
async function unexplained(place: Place): Promise<readonly string[]> {
  const failed = await place.database.query<{ id: string; code: string; detail: string; stage: string }>(
    `SELECT id, error_code AS code, error_detail AS detail, error_stage AS stage FROM jobs
     WHERE error_code IS NOT NULL AND error_code <> ALL ($1)`,
    [EXPLAINED],
  );
  return failed.map(({ id, code, detail, stage }) => {
    const said = place
      .logs()
      .split("\n")
      .filter((line) => line.includes(id) && line.includes(".failed"));
    return [`${id} failed in its ${stage} with ${code}: ${detail}`, ...said].join("\n  ");
  });
}

/** How jobs and trials ended, a line each. */
export async function summary(place: Place): Promise<readonly string[]> {
  const trials = await place.database.query<{ state: string; count: number; again: number }>(
    "SELECT state, count(*)::int AS count, count(*) FILTER (WHERE epoch > 1)::int AS again FROM trials GROUP BY state",
  );
  const [late] = await place.database.query<{ count: number }>("SELECT count(*)::int AS count FROM superseded_results");
  const jobs = (await readEnds(place)).map(({ state, code, count }) => `${state}${code ? ` (${code})` : ""} ${count}`);
  return [
    `jobs: ${jobs.join(", ")}`,
    `trials: ${trials.map(({ state, count, again }) => `${state} ${count} (${again} run again)`).join(", ")}`,
    `results superseded: ${late?.count ?? 0}; webhooks received: ${place.receiver.received.length}`,
  ];
}
