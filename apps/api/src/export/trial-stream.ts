import type { JobId, PartialTrial, TrialQuery } from "@espalier/contracts";
import type { Views } from "@espalier/store";

/** Trials read at once: less than a megabyte, whatever the job's size. */
const BATCH = 200;

/** How trials become text. */
export interface TrialFormat {
  readonly header: string;
  rows(trials: readonly PartialTrial[]): string;
}

/** One JSON document a line. */
export const ndjson: TrialFormat = {
  header: "",
  rows: (trials) => trials.map((trial) => `${JSON.stringify(trial)}\n`).join(""),
};

/**
 * All trials of a query as text, batch by batch. Pulled by the connection: the next batch is read when the last one was
 * taken, and none after the client has gone. No transaction is held meanwhile.
 */
export async function* trialStream(
  views: Pick<Views, "trialFields">,
  jobId: JobId,
  query: TrialQuery,
  format: TrialFormat,
): AsyncGenerator<string> {
  if (format.header !== "") yield format.header;
  let cursor: string | undefined;
  do {
    const page = await views.trialFields(jobId, { ...query, limit: BATCH, cursor });
    if (page.data.length > 0) yield format.rows(page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
