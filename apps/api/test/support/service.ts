import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ApiClient, dataOf, makeClient } from "@espalier/client";
import type { CreateJobInput, HubConfiguration, JobView } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openFileStore, openStore, type Store, type WorkerFiles } from "@espalier/store";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { type Logger, pino } from "pino";
import type { ApiConfig } from "../../src/config.js";
import { openService, type ServiceOptions } from "../../src/service.js";
import { assertDescribed } from "./as-described.js";
import { injected } from "./injected.js";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

export const inspectorEntry = new URL("../../dist/inspect/child.js", import.meta.url);

export const roots = {
  models: [join(repository, "examples/models")],
  corpora: [join(repository, "examples/corpora")],
};

/** A hub that nobody may use, whatever the environment says. */
const closedHub = (dir: string): HubConfiguration => ({
  isOpen: false,
  endpoint: "https://hub.test",
  token: undefined,
  dir,
  maxBytes: 1e9,
  allowedCidrs: [],
  allowHttp: false,
});

/** The smallest job that the shipped examples allow. */
export const smallJob = {
  model: { path: "stories260K" },
  calibration: { corpus: "tinystories-train.txt", samples: 16, sequence_length: 64 },
  scoring: { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 64 },
  report: { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 64, skip_windows: 8 },
  target: { sparsity: 0.2 },
  search: { trials: 3 },
} as const satisfies CreateJobInput;

export interface TestService {
  readonly app: FastifyInstance;
  /** Calls that the description allows; `post` and `get` send anything. All answers must be as described. */
  readonly api: ApiClient;
  readonly databaseUrl: string;
  /** The same database, as a worker sees it. */
  readonly store: Store;
  readonly files: WorkerFiles;
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  submit(body?: object): Promise<JobView>;
  close(): Promise<void>;
}

/** The whole API on a fresh database, with its queue on the same Postgres and the built inspecting child. */
export async function startService(
  changes: Partial<ApiConfig> = {},
  logger: Logger = pino({ level: "silent" }),
  options: Pick<ServiceOptions, "handlerTimeoutMs"> = {},
): Promise<TestService> {
  const database = await startTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "espalier-api-"));
  const encryptionKey = new Uint8Array(32).fill(7);
  const config: ApiConfig = {
    databaseUrl: database.url,
    redisUrl: undefined,
    dataDir,
    roots,
    host: "127.0.0.1",
    port: 0,
    encryptionKey,
    apiKey: undefined,
    rateLimits: { reads: 0, writes: 0 },
    logLevel: "silent",
    webhooks: { allowedCidrs: [], allowHttp: false },
    hub: closedHub(dataDir),
    ...changes,
  };
  const service = await openService({
    config,
    logger,
    version: "0.0.0",
    inspectorEntry,
    stream: { pollMs: 20, keepAliveMs: 60 },
    ...options,
  });
  const store = openStore({ databaseUrl: database.url, encryptionKey });
  const { app } = service;
  const { apiKey } = config;
  const send = async (request: InjectOptions & { readonly method: string; readonly url: string }) => {
    const response = await app.inject(request);
    assertDescribed(request.method, request.url, response);
    return response;
  };
  const api = makeClient({ url: "http://api.test", apiKey, attempts: 1, send: injected(send) });
  const post: TestService["post"] = (url, body, headers = {}) =>
    send({ method: "POST", url, headers, payload: body as object });
  return {
    app,
    api,
    databaseUrl: database.url,
    store,
    files: openFileStore(dataDir),
    post,
    get: (url, headers = {}) => send({ method: "GET", url, headers }),
    async submit(body = {}) {
      const { job } = await dataOf(api.POST("/v1/jobs", { body: { ...smallJob, ...body } }));
      return job as JobView;
    },
    async close() {
      await service.close();
      await store.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const problemOf = (response: LightMyRequestResponse) =>
  response.json<{
    type: string;
    title: string;
    status: number;
    detail: string;
    instance: string;
    code: string;
    request_id: string;
    errors?: { detail: string; pointer: string }[];
  }>();

/** Number of jobs that the database holds. */
export const jobCount = async ({ store }: TestService): Promise<number> =>
  (await store.views.jobs({ limit: 200, sort: "-created_at" })).data.length;
