import { isDeepStrictEqual } from "node:util";
import type { JobView } from "@espalier/contracts";
import type { CalmRun } from "../harness/calm.js";
import { outcomeOf } from "../harness/outcome.js";
import type { Observed } from "../harness/place.js";

/**
 * 7: jobs of one recipe, seed and version with parallelism 1 give the same trials and the same bytes as the calm run.
 * One with a trial that failed too often has others. Where `mayFinishEarly`, a job that a client ended before its budget
 * is compared as far as it came.
 */
export async function sameAsCalm(
  { client }: Observed,
  ids: readonly string[],
  calm: readonly CalmRun[],
  mayFinishEarly: boolean,
): Promise<readonly string[]> {
  const told: string[] = [];
  for (const id of ids) {
    const { job } = await client.get<{ job: JobView }>(`/v1/jobs/${id}`);
    const expected = calm.find(({ spec }) => isDeepStrictEqual(spec, job.spec))?.outcome;
    const isComparable = job.state === "succeeded" && job.trials.failed === 0;
    if (expected === undefined || !isComparable) continue;
    const found = await outcomeOf(client, id);
    const settled = found.trials.filter(({ state }) => state !== "cancelled");
    const isWhole = !mayFinishEarly || settled.length === expected.trials.length;
    const trial = settled.findIndex((one, index) => !isDeepStrictEqual(one, expected.trials[index]));
    if (trial !== -1 || (isWhole && found.trials.length !== expected.trials.length)) {
      told.push(
        `${id}: ${found.trials.length} trials, of which ${trial} is the first that differs from the calm run's`,
      );
    }
    const files = found.files.filter((file) => !expected.files.includes(file));
    const isSame = files.length === 0 && found.files.length === expected.files.length;
    if (isWhole && !isSame) told.push(`${id}: other files: ${files}`);
  }
  return told;
}
