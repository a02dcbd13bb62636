import type { z } from "zod";
import type { apiKeyView, CreateApiKeyBody } from "../api-keys/api-key-view.js";
import type { HealthView, VersionView } from "../http/health-view.js";
import type { Problem } from "../http/problem.js";
import type { CorpusView } from "../inventory/corpus-view.js";
import type { ModelView } from "../inventory/model-view.js";
import type { statusView } from "../service/status-view.js";
import { ENDED, JOB, KEY, SUBMITTED, WORKER } from "./ids.js";
import { json, type OperationExample } from "./operation-example.js";

/** What a request gets that is refused. */
export const exampleProblem: Problem = {
  type: "urn:espalier:error:VALIDATION_FAILED",
  title: "The request does not fit the contract",
  status: 422,
  detail: "Too big: expected number to be <=0.95",
  instance: `/v1/jobs/${JOB}`,
  code: "VALIDATION_FAILED",
  request_id: "req_0192f3a4",
  errors: [{ detail: "Too big: expected number to be <=0.95", pointer: "/target/sparsity" }],
};

const create: CreateApiKeyBody = { name: "ci", scopes: ["jobs:read", "jobs:write"] };

const key: z.input<typeof apiKeyView> = {
  id: KEY,
  ...create,
  created_at: SUBMITTED,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};

const model: ModelView = {
  name: "stories260K",
  revision: null,
  family: "llama",
  parameters: 260_032,
  size_bytes: 1_056_488,
  units: 880,
  error: null,
};

const corpus: CorpusView = { name: "tinystories-train.txt", format: "text", size_bytes: 1_048_576 };

const ready: HealthView = { status: "ok", checks: { postgres: "ok", queue: "ok", files: "ok" } };
const away: HealthView = { status: "unavailable", checks: { postgres: "unavailable" } };
const version: VersionView = { name: "espalier", version: "0.1.0", node: "20.20.2" };
const status: z.input<typeof statusView> = {
  version: "0.1.0",
  node: "20.20.2",
  started_at: SUBMITTED,
  uptime_seconds: 86_400,
  checks: { postgres: "ok", queue: "ok", files: "ok" },
  queues: [
    { name: "profile", waiting: 0, active: 0, delayed: 0, oldest_waiting_seconds: null },
    { name: "trial", waiting: 3, active: 1, delayed: 0, oldest_waiting_seconds: 4.2 },
    { name: "export", waiting: 0, active: 0, delayed: 0, oldest_waiting_seconds: null },
    { name: "webhook", waiting: 0, active: 0, delayed: 2, oldest_waiting_seconds: null },
  ],
  workers: [
    {
      id: WORKER,
      version: "0.1.0",
      machine: "a processor × 8, linux x64",
      provider: "cpu",
      threads: 8,
      concurrency: 1,
      in_hand: 1,
      started_at: SUBMITTED,
      last_seen_at: ENDED,
      stale: false,
    },
  ],
};
const probe = (ok: HealthView): OperationExample => ({ answers: { 200: json(ok), 503: json(away) } });

/** Examples of operations on keys, the inventory and the service itself. */
export const serviceExamples: Readonly<Record<string, OperationExample>> = {
  createApiKey: { request: create, answers: { 201: json({ api_key: key, key: "esp_<id>_<shown once>" }) } },
  listApiKeys: { answers: { 200: json({ data: [key], has_more: false, next_cursor: null }) } },
  revokeApiKey: { answers: {} },
  listModels: { answers: { 200: json({ data: [model] }) } },
  listCorpora: { answers: { 200: json({ data: [corpus] }) } },
  getStatus: { answers: { 200: json(status) } },
  livez: probe({ status: "ok", checks: {} }),
  readyz: probe(ready),
  startupz: probe({ status: "ok", checks: { postgres: "ok" } }),
  getMetrics: { answers: { 200: { "text/plain": "espalier_trials_total 60\n" } } },
  getVersion: { answers: { 200: json(version) } },
  getOpenApi: {
    answers: { 200: json({ openapi: "3.1.0", info: { title: "Espalier", version: "0.1.0" }, paths: {} }) },
  },
};
