import { type ApiKeyId, type CreateJobBody, type JobId, type JobSpec, newJobId } from "@espalier/contracts";
import type { IdempotencyClaim, JobStore, QueuePort } from "./ports/stores.js";
import { type Tracing, untraced } from "./ports/tracing.js";
import { readEarlierSearch } from "./warm-start.js";

export interface SubmitJobDeps {
  /** Checks model, texts and names against the world and settles defaults; throws AppError with pointers. */
  readonly inspect: (body: CreateJobBody) => Promise<JobSpec>;
  readonly jobs: Pick<JobStore, "create" | "earlierSearch" | "submittedWith">;
  readonly queue: QueuePort;
  readonly newSecret: () => string;
  readonly tracing?: Tracing | undefined;
}

export interface SubmittedJob {
  readonly id: JobId;
  readonly replayed: boolean;
  /** Secrets made for webhooks that named none. */
  readonly madeSecrets: readonly { readonly url: string; readonly secret: string }[];
}

/** Who submits, and what makes a repeated submit harmless. */
interface SubmitOptions {
  readonly idempotency?: IdempotencyClaim | undefined;
  readonly apiKeyId?: ApiKeyId | undefined;
  readonly requestId?: string | undefined;
}

/** Stores a job and announces it. Enqueueing may fail: the row is there, and reconciliation delivers it. */
export function makeSubmitJob({ inspect, jobs, queue, newSecret, tracing = untraced }: SubmitJobDeps) {
  return async function submitJob(body: CreateJobBody, options: SubmitOptions = {}): Promise<SubmittedJob> {
    const { idempotency, apiKeyId, requestId } = options;
    // First of all: a repeated submit is answered as the first one, whatever became of the files meanwhile.
    const first = idempotency && (await jobs.submittedWith(idempotency, apiKeyId));
    if (first !== undefined) return { id: first, replayed: true, madeSecrets: [] };
    const { warm_start } = body.search;
    if (warm_start !== undefined) await readEarlierSearch(jobs, warm_start, 1);
    const spec = await inspect(body);
    const webhooks = body.webhooks.map(({ url, events, secret }) => ({ url, events, secret: secret ?? newSecret() }));
    const from = { apiKeyId, requestId, traceParent: tracing.traceParent() };
    const job = { id: newJobId(), name: body.name ?? null, spec, labels: body.labels, webhooks, ...from };
    const { id, replayed } = await jobs.create(job, idempotency);
    if (replayed) return { id, replayed, madeSecrets: [] };
    const enqueued = { name: "enqueue profile", attributes: { "espalier.job_id": id } };
    await tracing.span(enqueued, () => queue.enqueue("profile", { job_id: id })).catch(() => undefined);
    const madeSecrets = webhooks
      .filter((_, index) => body.webhooks[index]?.secret === undefined)
      .map(({ url, secret }) => ({ url, secret }));
    return { id, replayed, madeSecrets };
  };
}
