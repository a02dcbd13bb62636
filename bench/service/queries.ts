/** What the service asks of Postgres to list, to read and to find work, and what it sends for that. */
import { type JobId, jobQuery, type TrialQuery, trialQuery } from "@espalier/contracts";
import type { Store } from "@espalier/store";
import pg from "pg";

/** A statement as it was sent. */
export interface Asked {
  readonly text: string;
  readonly values: unknown[];
}

const asked: Asked[] = [];

/** Notes what the store sends from now on; it uses this same pg. */
export function noteQueries(): void {
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown;
  pg.Client.prototype.query = function note(this: pg.Client, ...args: unknown[]) {
    const [{ text, values = [] } = { text: "" }] = args as [Partial<Asked>?];
    if (/^\s*\(?(?:SELECT|WITH|UPDATE)\b/.test(text ?? "")) asked.push({ text: text ?? "", values });
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;
}

type Call = (store: Store, id: JobId) => Promise<unknown>;

/** The statements of a call. */
export async function queriesOf(call: Call, store: Store, id: JobId): Promise<readonly Asked[]> {
  asked.length = 0;
  await call(store, id);
  return [...asked];
}

const trials =
  (query: object): Call =>
  ({ views }, id) =>
    views.trialFields(id, trialQuery.parse(query));
const jobs =
  (query: object): Call =>
  ({ views }) =>
    views.jobs(jobQuery.parse(query));

/** The page after the first: its plan begins at a cursor. */
const second =
  (query: Partial<TrialQuery>): Call =>
  async ({ views }, id) => {
    const { next_cursor } = await views.trialFields(id, trialQuery.parse({ limit: 5, ...query }));
    asked.length = 0;
    await views.trialFields(id, { ...trialQuery.parse({ limit: 5, ...query }), cursor: next_cursor ?? undefined });
  };

const SORTED = "sorted_values_parameter_id_state_value_number_score_idx";

/** A call, and the indexes that its plans have to walk. */
interface PlannedCall {
  readonly call: Call;
  readonly walks: readonly string[];
}

/** Calls by where their plans are kept: a folder beside the query in packages/store/src, and a name. */
export const calls: Readonly<Record<string, PlannedCall>> = {
  "views/trials-by-number": { call: second({}), walks: ["trials_pkey"] },
  "views/trials-by-score": { call: second({ sort: "-score" }), walks: ["trials_job_id_score_number_idx"] },
  "views/trials-by-duration": {
    call: second({ sort: "duration" }),
    walks: ["trials_job_id_duration_seconds_number_idx"],
  },
  "views/trials-of-a-state": { call: second({ state: "infeasible" }), walks: [] },
  "views/trials-of-a-state-by-duration": {
    call: second({ state: "infeasible", sort: "-duration" }),
    walks: ["trials_job_id_state_duration_seconds_number_idx"],
  },
  "views/trials-in-a-score-range": {
    call: trials({ min_score: 2.6, max_score: 2.601 }),
    walks: ["trials_job_id_score_number_idx"],
  },
  "views/trials-by-parameter": {
    call: second({ sort: "param:p3" }),
    walks: [SORTED, "trials_pkey"],
  },
  "views/trials-of-a-state-by-parameter": {
    call: second({ sort: "-param:p3", state: "infeasible" }),
    walks: [SORTED, "trials_pkey"],
  },
  "views/trials-in-a-score-range-by-parameter": {
    call: trials({ sort: "param:p3", min_score: 2.53 }),
    walks: [SORTED, "trials_pkey"],
  },
  "views/one-trial": { call: ({ views }, id) => views.trial(id, 77), walks: ["trials_pkey"] },
  "views/history": { call: ({ views }, id) => views.history(id, { points: 500 }), walks: ["trials_pkey"] },
  "views/pareto": { call: ({ views }, id) => views.pareto(id), walks: [] },
  "views/analysed-trials": {
    call: ({ views }, id) => views.importance(id, { quantile: 0.1 }),
    walks: ["trials_analysed_idx"],
  },
  "views/parallel": {
    call: ({ views }, id) => views.parallel(id, 1000),
    walks: ["trials_analysed_idx", "trials_pkey"],
  },
  "views/layers": { call: ({ views }, id) => views.layers(id), walks: ["trials_job_id_state_score_number_idx"] },
  "views/jobs": { call: jobs({}), walks: ["jobs_created_at_id_idx"] },
  "views/jobs-by-end": { call: jobs({ sort: "-finished_at" }), walks: ["jobs_finished_at_id_idx"] },
  "views/jobs-of-a-state": { call: jobs({ state: "failed" }), walks: ["jobs_state_created_at_id_idx"] },
  "views/jobs-of-a-label": { call: jobs({ label: "bench:large" }), walks: ["jobs_labels_idx"] },
  "views/jobs-of-a-model": { call: jobs({ model: "stories260K" }), walks: ["jobs_model_created_at_id_idx"] },
  "reconciliation/due-work": {
    call: ({ reconciliation }) => reconciliation.dueWork(100),
    walks: ["jobs_due_idx", "trials_open_idx"],
  },
  "jobs/stage-in-turn": {
    call: ({ jobs: store }, id) => store.stageInTurn("profile", id),
    walks: ["jobs_profile_turn_idx"],
  },
  "jobs/claim-stage": {
    call: ({ jobs: store }, id) => store.claimStage(id, "profile", "bench", 60),
    walks: ["jobs_pkey"],
  },
  "trials/trial-in-turn": {
    call: ({ trials: store }, jobId) => store.inTurn({ jobId, number: 1 }),
    walks: ["jobs_trial_turn_idx", "trials_open_idx"],
  },
  "trials/claim-trial": { call: ({ trials: store }, id) => store.claim(id, 77, "bench", 60), walks: ["jobs_pkey"] },
  "trials/renew-trial": { call: ({ trials: store }, id) => store.renew(id, 77, 9, 60), walks: [] },
  "deliveries/due-deliveries": {
    call: ({ deliveries }) => deliveries.due({ pace: "quick", limit: 100 }),
    walks: ["deliveries_due_idx"],
  },
};

/** The query on one margin, without the emptiness of where it was written. */
export const tidy = (sql: string): string => sql.replaceAll(/\s+/g, " ").trim();

/** The plan of a statement, which changes nothing even where it is run. */
export async function explain(client: pg.Client, { text, values }: Asked, options: string): Promise<string> {
  await client.query("BEGIN");
  try {
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN (${options}, COSTS OFF) ${text}`, values);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  } finally {
    await client.query("ROLLBACK");
  }
}
