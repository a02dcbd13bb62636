import { setTimeout as sleep } from "node:timers/promises";
import { type CreateJobInput, isTerminal, type JobView } from "@espalier/contracts";
import type { Canaries } from "./canaries.js";
import type { Client } from "./client.js";
import { faultJob } from "./fault-job.js";
import type { Receiver } from "./receiver.js";

export interface Calls {
  /** Submits `faultJob` with these changes and a webhook that wants the job's end. */
  submit(changes?: Partial<CreateJobInput>): Promise<JobView>;
  job(id: string): Promise<JobView>;
  /** Polls the API until `done` holds; throws when the job ends before that. */
  until(id: string, done: (job: JobView) => boolean): Promise<JobView>;
  finished(id: string): Promise<JobView>;
}

const POLL_MS = 50;

/** What a test asks of the API, as a client sees it. */
export function callsOf(client: Client, receiver: Receiver, canaries: Canaries): Calls {
  const job = async (id: string) => (await client.get<{ job: JobView }>(`/v1/jobs/${id}`)).job;

  async function submit(changes: Partial<CreateJobInput> = {}): Promise<JobView> {
    const events = ["job.succeeded", "job.failed", "job.cancelled"] as const;
    const webhooks = [{ url: receiver.url, events: [...events], secret: canaries.webhookSecret }];
    const body = JSON.stringify(faultJob({ webhooks, ...changes }));
    const answer = await client.insist<{ job: JobView }>("/v1/jobs", { method: "POST", body });
    if (answer.status !== 202) throw new Error(`POST /v1/jobs: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.job;
  }

  async function until(id: string, done: (view: JobView) => boolean): Promise<JobView> {
    for (;;) {
      const view = await job(id);
      if (done(view)) return view;
      if (isTerminal(view.state)) throw new Error(`job ended ${view.state}: ${JSON.stringify(view.error)}`);
      await sleep(POLL_MS);
    }
  }

  return { job, submit, until, finished: (id: string) => until(id, ({ state }) => isTerminal(state)) };
}
