import type { ArtifactView, TrialView } from "@espalier/contracts";
import type { Client } from "./client.js";

/** What must not depend on how work was interrupted. */
export interface Outcome {
  readonly trials: readonly Pick<TrialView, "number" | "state" | "params" | "score" | "results">[];
  /** SHA-256 and name. */
  readonly files: readonly string[];
}

/** Trials and files of a job, as the API tells them. */
export async function outcomeOf(client: Client, id: string): Promise<Outcome> {
  const { data: trials } = await client.get<{ data: TrialView[] }>(`/v1/jobs/${id}/trials?limit=200&sort=number`);
  const { data: files } = await client.get<{ data: ArtifactView[] }>(`/v1/jobs/${id}/artifacts`);
  return {
    trials: trials.map(({ number, state, params, score, results }) => ({ number, state, params, score, results })),
    files: files.map(({ name, sha256 }) => `${sha256} ${name}`),
  };
}
