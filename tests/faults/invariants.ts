import type { CalmRun } from "./harness/calm.js";
import type { Observed } from "./harness/place.js";
import { wholeArtefacts } from "./invariants/artefacts.js";
import { sameAsCalm } from "./invariants/as-calm.js";
import { bestNeverWorse } from "./invariants/best-so-far.js";
import { contiguousEvents } from "./invariants/events.js";
import { oneTerminalState } from "./invariants/jobs.js";
import { endInOutbox } from "./invariants/outbox.js";
import { noSecrets } from "./invariants/secrets.js";
import { oneResultPerTrial, withinBudget } from "./invariants/trials.js";

export interface InvariantOptions {
  /** Calm runs that jobs of the same spec are compared with. */
  readonly calm: readonly CalmRun[];
  /** Jobs that are not terminal are no violation; default false. */
  readonly mayRun?: boolean;
  /** Jobs that succeeded with fewer trials than their budget are no violation: clients ended them. Default false. */
  readonly mayFinishEarly?: boolean;
}

/** So many jobs are read through the API too; the rows of all jobs are checked in any case. */
const SEEN_BY_CLIENT = 40;

/**
 * All ten invariants of a service, in its rows, data folder, logs, metrics, and as a client sees it. One line for each
 * violation, which begins with the invariant's number; none is what a test wants.
 */
export async function violations(
  place: Observed,
  { calm, mayRun = false, mayFinishEarly = false }: InvariantOptions,
): Promise<readonly string[]> {
  const lost = place.emptyRedis === undefined ? [] : await rebuilds(place.emptyRedis);
  const jobs = await place.database.query<{ id: string }>(
    "SELECT id FROM jobs WHERE deleted_at IS NULL ORDER BY created_at LIMIT $1",
    [SEEN_BY_CLIENT],
  );
  const ids = jobs.map(({ id }) => id);
  const found: readonly (readonly [number, readonly string[]])[] = [
    [1, await oneTerminalState(place, mayRun)],
    [2, await oneResultPerTrial(place)],
    [3, await withinBudget(place)],
    [4, await contiguousEvents(place, ids)],
    [5, await endInOutbox(place)],
    [6, await wholeArtefacts(place, ids)],
    [7, await sameAsCalm(place, ids, calm, mayFinishEarly)],
    [8, lost],
    [9, await noSecrets(place)],
    [10, await bestNeverWorse(place, ids)],
  ];
  return found.flatMap(([number, told]) => told.map((what) => `invariant ${number}: ${what}`));
}

/** 8: Redis can be emptied at any moment. */
async function rebuilds(emptyRedis: () => Promise<void>): Promise<readonly string[]> {
  return emptyRedis().then(
    () => [],
    (error: Error) => [error.message],
  );
}
