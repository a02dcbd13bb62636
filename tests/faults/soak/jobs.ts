import { setTimeout as sleep } from "node:timers/promises";
import { type CreateJobInput, isTerminal, type JobView } from "@espalier/contracts";
import { faultJob } from "../harness/fault-job.js";
import type { Place } from "../harness/place.js";
import type { Random } from "./faults.js";

/** Recipes with one trial at a time, which are compared with a calm run of the same. */
export const comparable: readonly Partial<CreateJobInput>[] = [
  {},
  { search: { trials: 12, seed: 3 }, target: { sparsity: [0.2, 0.4] } },
  { search: { trials: 8, seed: 4, racing: false }, target: { sparsity: 0.3, layout: "uniform" }, baselines: true },
];

const recipes: readonly Partial<CreateJobInput>[] = [
  ...comparable,
  { search: { trials: 24, seed: 1, parallelism: 3 } },
  { search: { trials: 2000, seed: 2, parallelism: 2 } },
];

/** Some jobs are left to themselves; the last recipe would take hours and is always told something. */
const moves = ["cancel", "finish", "pause"] as const;

const AT_ONCE = 3;
const PAUSE_MS = 500;

/** Ids of the jobs that a soak made. */
export interface Traffic {
  readonly ids: readonly string[];
  /** Submits nothing more. */
  close(): void;
  /** Submits and moves jobs until it is closed. */
  readonly run: Promise<void>;
}

export function startTraffic(place: Place, random: Random): Traffic {
  const ids: string[] = [];
  let isOpen = true;
  const run = (async () => {
    for (let made = 0; isOpen; await sleep(PAUSE_MS)) {
      const open = (await viewsOf(place, ids.slice(-2 * AT_ONCE))).filter(({ state }) => !isTerminal(state));
      for (const job of open) await move(place, job, random);
      if (open.length >= AT_ONCE) continue;
      const id = await submit(place, recipes[Math.floor(random() * recipes.length)] ?? {}, `soak-${made}`);
      if (id === undefined) continue;
      ids.push(id);
      made += 1;
    }
  })();
  return {
    ids,
    run,
    close: () => {
      isOpen = false;
    },
  };
}

async function viewsOf({ client }: Place, ids: readonly string[]): Promise<readonly JobView[]> {
  const answers = ids.map((id) => client.call<{ job: JobView }>(`/v1/jobs/${id}`).catch(() => undefined));
  return (await Promise.all(answers)).flatMap((answer) => (answer?.status === 200 ? [answer.body.job] : []));
}

/** The same key until it is answered: an answer that was lost must not make a second job. */
async function submit(place: Place, recipe: Partial<CreateJobInput>, key: string): Promise<string | undefined> {
  const events = ["job.succeeded", "job.failed", "job.cancelled"] as const;
  const webhooks = [{ url: place.receiver.url, events: [...events], secret: place.canaries.webhookSecret }];
  const body = JSON.stringify(faultJob({ webhooks, ...recipe }));
  const init = { method: "POST", body, headers: { "idempotency-key": key } };
  const answer = await place.client.call<{ job: JobView }>("/v1/jobs", init).catch(() => undefined);
  return answer?.status === 202 ? answer.body.job.id : undefined;
}

async function move(place: Place, job: JobView, random: Random): Promise<void> {
  const isLong = job.trials.budget > 100 && job.trials.completed > 10;
  const tell = (name: string) =>
    place.client.call(`/v1/jobs/${job.id}/${name}`, { method: "POST" }).catch(() => undefined);
  if (job.state === "paused") await tell("resume");
  else if (isLong || random() < 0.01) await tell(moves[Math.floor(random() * (isLong ? 2 : moves.length))] ?? "cancel");
}

/** Waits until all jobs have ended; resumes what is paused. Returns those that have not after that time. */
export async function allEnded(place: Place, ids: readonly string[], limitMs: number): Promise<readonly JobView[]> {
  for (const end = performance.now() + limitMs; ; await sleep(PAUSE_MS)) {
    const views = await viewsOf(place, ids);
    const open = views.filter(({ state }) => !isTerminal(state));
    if (open.length === 0 && views.length === ids.length) return [];
    if (performance.now() > end) return open;
    for (const { id, state } of open) {
      if (state === "paused")
        await place.client.call(`/v1/jobs/${id}/resume`, { method: "POST" }).catch(() => undefined);
    }
    for (const { id, trials, state } of open) {
      const isLong = trials.budget > 100 && state === "searching" && trials.completed > 0;
      if (isLong) await place.client.call(`/v1/jobs/${id}/finish`, { method: "POST" }).catch(() => undefined);
    }
  }
}
