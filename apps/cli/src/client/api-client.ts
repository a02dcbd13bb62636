import { randomUUID } from "node:crypto";
import {
  type AnswerOf,
  type BodyOf,
  type ClientOptions,
  type Job,
  type JobBody,
  makeClient,
  type QueryOf,
  type Trial,
  type ApiClient as TypedClient,
} from "@espalier/client";
import { CliError, exitCodes } from "../cli-error.js";
import { answered, asCliError } from "./answered.js";
import { exportCalls } from "./export-calls.js";
import { keyCalls } from "./key-calls.js";
import { webhookCalls } from "./webhook-calls.js";

const LARGEST_PAGE = 200;

/** What a job can be told. */
export type JobMove = "cancel" | "pause" | "resume" | "finish";

const at = (id: string) => ({ path: { id } });

function connected(options: ClientOptions): TypedClient {
  try {
    return makeClient(options);
  } catch (error) {
    throw asCliError(error);
  }
}

/** What commands ask of the service, through the client that is generated from its description. Rejects with CliError. */
export class ApiClient {
  private readonly api: TypedClient;

  constructor(options: ClientOptions) {
    this.api = connected(options);
    this.webhooks = webhookCalls(this.api);
    this.keys = keyCalls(this.api);
    this.exports = exportCalls(this.api);
  }

  /** Registered webhook endpoints and what was sent to them. */
  readonly webhooks;

  /** Who may use the service. */
  readonly keys;

  /** Further exports of a job that succeeded. */
  readonly exports;

  /** Harmless to repeat: sent with a key of its own. */
  submit(body: JobBody) {
    const header = { "idempotency-key": randomUUID() };
    return answered(this.api.POST("/v1/jobs", { params: { header }, body }));
  }

  /** What a job would cost. */
  estimate(body: BodyOf<"estimateJob">) {
    return answered(this.api.POST("/v1/jobs/estimate", { body }));
  }

  async job(id: string): Promise<Job> {
    return (await answered(this.api.GET("/v1/jobs/{id}", { params: at(id) }))).job;
  }

  jobs(query: QueryOf<"listJobs">) {
    return answered(this.api.GET("/v1/jobs", { params: { query } }));
  }

  async move(id: string, move: JobMove): Promise<Job> {
    return (await answered(this.api.POST(`/v1/jobs/{id}/${move}`, { params: at(id) }))).job;
  }

  async deleteJob(id: string): Promise<void> {
    await answered(this.api.DELETE("/v1/jobs/{id}", { params: at(id) }));
  }

  async comparison(id: string) {
    const found = await answered(this.api.GET("/v1/jobs/{id}/comparison", { params: at(id) }));
    return found as AnswerOf<"getComparison">;
  }

  /** Of being among the best `quantile` of the trials. */
  importance(id: string, quantile: number) {
    return answered(this.api.GET("/v1/jobs/{id}/importance", { params: { ...at(id), query: { quantile } } }));
  }

  /** All trials, page by page. */
  async *trials(id: string): AsyncGenerator<Trial> {
    let cursor: string | undefined;
    do {
      const query: QueryOf<"listTrials"> = { limit: LARGEST_PAGE, ...(cursor !== undefined && { cursor }) };
      const page = await answered(this.api.GET("/v1/jobs/{id}/trials", { params: { ...at(id), query } }));
      // Without `fields` every trial is whole.
      yield* page.data as Trial[];
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** All trials as CSV, as they are read. */
  async trialsCsv(id: string): Promise<ReadableStream<Uint8Array>> {
    const asked = { params: at(id), headers: { accept: "text/csv" }, parseAs: "stream" } as const;
    const body = await answered(this.api.GET("/v1/jobs/{id}/trials", asked));
    return body ?? nothing("The service sent no trials.");
  }

  /** Files of a job. */
  async artifacts(id: string) {
    return (await answered(this.api.GET("/v1/jobs/{id}/artifacts", { params: at(id) }))).data;
  }

  /** The body of one artefact file. */
  async artifact(id: string, name: string): Promise<ReadableStream<Uint8Array>> {
    const asked = { params: { path: { id, name } }, parseAs: "stream" } as const;
    const body = await answered(this.api.GET("/v1/jobs/{id}/artifacts/{name}", asked));
    return body ?? nothing(`The service sent no content for '${name}'.`);
  }
}

function nothing(message: string): never {
  throw new CliError(message, exitCodes.unreachable);
}
