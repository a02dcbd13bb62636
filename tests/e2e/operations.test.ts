import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isTerminal, type JobView } from "@espalier/contracts";
import { startTestDatabase, type TestDatabase } from "@espalier/embedded";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "./repository.js";
import { smallJob } from "./small-job.js";

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<ReceivedSpan, "service">[] }[];
  }[];
}

const KEY = "the-first-key-of-this-service";
const TOKEN = "a-token-for-the-scraper";
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString("base64");
const SIGNING_SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const REQUEST_ID = "req-of-this-test";

const spans: ReceivedSpan[] = [];
const hooks: string[] = [];
const output = { api: "", worker: "" };
const dataDir = mkdtempSync(join(tmpdir(), "espalier-operations-"));
let database: TestDatabase;
let receiver: Server;
let api: ChildProcess;
let worker: ChildProcess;
let url: string;
let job: JobView;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Takes traces as a collector does, and webhooks. */
async function startReceiver(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    if (request.url === "/v1/traces") {
      for (const { resource, scopeSpans } of (JSON.parse(text) as OtlpBody).resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
        spans.push(...scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service }))));
      }
    } else hooks.push(text);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function start(name: "api" | "worker", env: Record<string, string>): Promise<[ChildProcess, unknown]> {
  const child = fork(repository(`apps/${name}/dist/main.js`), [], {
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: process.env["PATH"],
      ESPALIER_DATABASE_URL: database.url,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: repository("examples/models"),
      ESPALIER_CORPUS_ROOTS: repository("examples/corpora"),
      ESPALIER_ENCRYPTION_KEY: ENCRYPTION_KEY,
      ESPALIER_WEBHOOK_ALLOWED_CIDRS: "127.0.0.0/8",
      ESPALIER_WEBHOOK_ALLOW_HTTP: "true",
      ESPALIER_LOG_LEVEL: "trace",
      ESPALIER_METRICS_TOKEN: TOKEN,
      ESPALIER_TRACING: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(receiver)}`,
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output[name] += String(chunk)));
  const ended = once(child, "exit").then(() => Promise.reject(new Error(output[name])));
  const [message] = await Promise.race([once(child, "message"), ended]);
  return [child, message];
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json", "x-request-id": REQUEST_ID };
  return (await (await fetch(new URL(path, url), { ...init, headers })).json()) as T;
}

const metricsAt = async (base: string): Promise<string> =>
  (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  database = await startTestDatabase();
  receiver = await startReceiver();
  const [startedApi, listening] = await start("api", { ESPALIER_PORT: "0", ESPALIER_API_KEY: KEY });
  api = startedApi;
  url = (listening as { url: string }).url;
  [worker] = await start("worker", { ESPALIER_THREADS: "1", ESPALIER_METRICS_PORT: "0" });
  const hook = { url: `http://127.0.0.1:${portOf(receiver)}/hook`, events: ["job.succeeded" as const] };
  const body = smallJob({ search: { trials: 3, seed: 7 }, webhooks: [{ ...hook, secret: SIGNING_SECRET }] });
  job = (await call<{ job: JobView }>("/v1/jobs", { method: "POST", body: JSON.stringify(body) })).job;
  while (!isTerminal(job.state) || hooks.length === 0) {
    await sleep(100);
    job = (await call<{ job: JobView }>(`/v1/jobs/${job.id}`)).job;
  }
}, 180_000);

afterAll(async () => {
  await stop(api);
  await stop(worker);
  receiver?.close();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a job through API, worker and webhook", () => {
  it("is counted", async () => {
    expect(job.state).toBe("succeeded");
    const ofApi = await metricsAt(url);
    expect(ofApi).toContain('espalier_jobs{state="succeeded"} 1');
    expect(ofApi).toContain(
      'espalier_http_request_duration_seconds_count{method="POST",route="/v1/jobs",status="202"} 1',
    );
    expect(ofApi).not.toContain(job.id);
    const { port } = linesOf(output.worker).find(({ event }) => event === "metrics.listening") ?? {};
    const ofWorker = await metricsAt(`http://127.0.0.1:${port}`);
    expect(ofWorker).toContain('espalier_webhook_attempts_total{outcome="delivered"} 1');
    expect(ofWorker).toContain('espalier_compute_duration_seconds_count{kind="profile"} 1');
    const settled = [...ofWorker.matchAll(/espalier_trials_settled_total\{.*\} (\d+)/g)].map(([, count]) =>
      Number(count),
    );
    expect(settled.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect((await fetch(new URL("/metrics", url))).status).toBe(401);
  });

  it("names the submitting request in the worker's lines about it", () => {
    const about = linesOf(output.worker).filter(({ job_id }) => job_id === job.id);
    expect(about.map(({ event }) => event)).toEqual(expect.arrayContaining(["profile.claimed", "trial.settled"]));
    for (const line of about) expect(line).toMatchObject({ request_id: REQUEST_ID });
  });

  it("is one trace", async () => {
    await stop(worker);
    await stop(api);
    const submit = spans.find(({ name }) => name === "POST /v1/jobs");
    const trace = spans.filter(({ traceId }) => traceId === submit?.traceId);
    expect(trace.map(({ service, name }) => `${service} ${name}`).sort()).toEqual([
      "espalier-api POST /v1/jobs",
      "espalier-api enqueue profile",
      "espalier-worker export",
      "espalier-worker profile",
      ...Array(3).fill("espalier-worker trial"),
      "espalier-worker webhook attempt",
    ]);
    for (const span of trace) if (span !== submit) expect(span.parentSpanId).toBe(submit?.spanId);
  });

  it("leaves no secret in any line or span", () => {
    const { password } = new URL(database.url);
    const everything = output.api + output.worker + JSON.stringify(spans);
    for (const secret of [KEY, TOKEN, ENCRYPTION_KEY, SIGNING_SECRET, ...(password === "" ? [] : [password])]) {
      expect(everything).not.toContain(secret);
    }
  });
});
