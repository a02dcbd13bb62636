import { setTimeout as sleep } from "node:timers/promises";
import {
  apiKeyView,
  artifactList,
  type ComparisonView,
  type CreateApiKeyBody,
  type CreateJobInput,
  comparisonView,
  createApiKeyAnswer,
  createJobAnswer,
  type ImportanceView,
  importanceView,
  type JobView,
  jobView,
  page,
  problem,
  type TrialView,
  trialView,
} from "@espalier/contracts";
import { z } from "zod";
import { CliError, exitCodes } from "../cli-error.js";
import { jobCalls } from "./job-calls.js";
import { posted } from "./posted.js";
import { webhookCalls } from "./webhook-calls.js";

const TOO_MANY_REQUESTS = 429;
const ATTEMPTS = 3;
const DEFAULT_WAIT_SECONDS = 5;

const job = z.strictObject({ job: jobView });
const jobPage = page(jobView);
const trialPage = page(trialView);
const keyPage = page(apiKeyView);

/** What a job can be told. */
export type JobMove = "cancel" | "pause" | "resume" | "finish";

export interface ApiClientOptions {
  readonly url: string;
  readonly apiKey?: string | undefined;
}

/** Typed calls of the REST API. Answers are checked against the contract; problems become CliErrors. */
export class ApiClient {
  constructor(private readonly options: ApiClientOptions) {}

  /** Registered webhook endpoints and what was sent to them. */
  readonly webhooks = webhookCalls({
    json: (path, schema, body) => this.json(path, schema, body),
    send: (path, method) => this.request(path, { method }),
  });

  /** Before a job and after it. */
  readonly ofJobs = jobCalls({ json: (path, schema, body) => this.json(path, schema, body) });

  submit(body: CreateJobInput): Promise<z.infer<typeof createJobAnswer>> {
    return this.json("/v1/jobs", createJobAnswer, posted(body));
  }

  async job(id: string): Promise<JobView> {
    return (await this.json(`/v1/jobs/${encodeURIComponent(id)}`, job)).job;
  }

  jobs(query: URLSearchParams): Promise<z.infer<typeof jobPage>> {
    return this.json(`/v1/jobs?${query}`, jobPage);
  }

  async move(id: string, move: JobMove): Promise<JobView> {
    return (await this.json(`/v1/jobs/${encodeURIComponent(id)}/${move}`, job, { method: "POST" })).job;
  }

  async deleteJob(id: string): Promise<void> {
    await this.request(`/v1/jobs/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  comparison(id: string): Promise<ComparisonView> {
    return this.json(`/v1/jobs/${encodeURIComponent(id)}/comparison`, comparisonView);
  }

  /** Of being among the best `quantile` of the trials. */
  importance(id: string, quantile: number): Promise<ImportanceView> {
    const query = new URLSearchParams({ quantile: String(quantile) });
    return this.json(`/v1/jobs/${encodeURIComponent(id)}/importance?${query}`, importanceView);
  }

  /** All trials, page by page. */
  async *trials(id: string): AsyncGenerator<TrialView> {
    let cursor: string | null = null;
    do {
      const query: URLSearchParams = new URLSearchParams({ limit: "200", ...(cursor === null ? {} : { cursor }) });
      const answer: z.infer<typeof trialPage> = await this.json(
        `/v1/jobs/${encodeURIComponent(id)}/trials?${query}`,
        trialPage,
      );
      yield* answer.data;
      cursor = answer.next_cursor;
    } while (cursor !== null);
  }

  /** All trials as CSV, as they are read. */
  async trialsCsv(id: string): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: "text/csv" };
    const response = await this.request(`/v1/jobs/${encodeURIComponent(id)}/trials`, { headers });
    if (response.body === null) throw new CliError("The service sent no trials.", exitCodes.unreachable);
    return response.body;
  }

  async artifacts(id: string): Promise<z.infer<typeof artifactList>["data"]> {
    return (await this.json(`/v1/jobs/${encodeURIComponent(id)}/artifacts`, artifactList)).data;
  }

  /** The body of one artefact file. */
  async artifact(id: string, name: string): Promise<ReadableStream<Uint8Array>> {
    const path = name.split("/").map(encodeURIComponent).join("/");
    const response = await this.request(`/v1/jobs/${encodeURIComponent(id)}/artifacts/${path}`);
    if (response.body === null) throw new CliError(`The service sent no content for '${name}'.`, exitCodes.unreachable);
    return response.body;
  }

  /** The answer has the key itself, this once. */
  createKey(body: CreateApiKeyBody): Promise<z.infer<typeof createApiKeyAnswer>> {
    return this.json("/v1/api-keys", createApiKeyAnswer, posted(body));
  }

  /** Newest first. */
  keys(limit: number): Promise<z.infer<typeof keyPage>> {
    return this.json(`/v1/api-keys?limit=${limit}`, keyPage);
  }

  async revokeKey(id: string): Promise<void> {
    await this.request(`/v1/api-keys/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  private async json<S extends z.ZodType>(path: string, schema: S, init?: RequestInit): Promise<z.infer<S>> {
    const response = await this.request(path, init);
    return schema.parse(await response.json());
  }

  /** Waits, as it is told to, when the key has used up its requests. */
  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.send(path, init);
      if (response.ok) return response;
      if (response.status !== TOO_MANY_REQUESTS || attempt === ATTEMPTS) throw await toCliError(response);
      await response.body?.cancel();
      await sleep(1000 * Number(response.headers.get("retry-after") ?? DEFAULT_WAIT_SECONDS));
    }
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.options.apiKey !== undefined) headers.set("authorization", `Bearer ${this.options.apiKey}`);
    try {
      return await fetch(new URL(path, this.options.url), { ...init, headers });
    } catch (cause) {
      throw new CliError(
        `No Espalier service answers at ${this.options.url}. Start one with 'espalier up', or name it with --url.`,
        exitCodes.unreachable,
        { cause },
      );
    }
  }
}

async function toCliError(response: Response): Promise<CliError> {
  const parsed = problem.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return new CliError(`The service answered ${response.status}.`, exitCodes.unreachable);
  const { title, detail, errors, status } = parsed.data;
  const lines = (errors ?? []).map(({ pointer, detail: text }) => `  ${pointer === "" ? "/" : pointer}: ${text}`);
  const exitCode = status >= 500 || status === 429 ? exitCodes.unreachable : exitCodes.badInput;
  return new CliError([`${title}. ${detail}`, ...lines].join("\n"), exitCode);
}
