import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, dataOf, makeClient } from "@espalier/client";
import { type CreateJobInput, isTerminal, type JobView } from "@espalier/contracts";
import { repository } from "./repository.js";

export interface RunningService {
  readonly url: string;
  /** Calls that the description allows. */
  readonly api: ApiClient;
  readonly dataDir: string;
  submit(body: CreateJobInput): Promise<JobView>;
  job(id: string): Promise<JobView>;
  /** Polls until `done` holds. */
  until(id: string, done: (job: JobView) => boolean): Promise<JobView>;
  finished(id: string): Promise<JobView>;
  get<T>(path: string): Promise<T>;
  /** SIGKILL of the whole stack's supervisor. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MILLISECONDS = 25;

/** Other accounts may pass through it: root's Postgres runs as one of them. */
function freshDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "espalier-e2e-"));
  chmodSync(dir, 0o711);
  return dir;
}

/**
 * `espalier up` on a folder of its own and a free port: the built command line, with real processes. `env` is added to
 * its environment.
 */
export async function startService(
  dataDir = freshDataDir(),
  env: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const flags = ["--data-dir", dataDir, "--port", "0", "--threads", "1", "--concurrency", "2", "--local-webhooks"];
  const roots = ["--models", repository("examples/models"), "--corpora", repository("examples/corpora")];
  const child = spawn(process.execPath, [repository("apps/cli/bin/espalier.js"), "up", ...flags, ...roots], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const exited = once(child, "exit");
  let output = "";
  child.stdout.setEncoding("utf8");
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: string) => {
      output += chunk;
      const found = /Espalier is at (http:\/\/[^\s]+?)\.?\s/.exec(output);
      if (found !== null) resolve(found[1]);
    });
    child.once("exit", (code) => reject(new Error(`espalier up ended with ${code}: ${output}`)));
  });

  const call = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const response = await fetch(new URL(path, url), init);
    const body = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return body as T;
  };
  const api = makeClient({ url });
  const job = async (id: string) =>
    (await dataOf(api.GET("/v1/jobs/{id}", { params: { path: { id } } }))).job as JobView;
  const until = async (id: string, done: (view: JobView) => boolean): Promise<JobView> => {
    for (;;) {
      const view = await job(id);
      if (done(view)) return view;
      if (isTerminal(view.state)) throw new Error(`job ended ${view.state}: ${JSON.stringify(view.error)}`);
      await sleep(POLL_MILLISECONDS);
    }
  };
  return {
    url,
    api,
    dataDir,
    job,
    until,
    get: call,
    finished: (id) => until(id, (view) => isTerminal(view.state)),
    submit: async (body) => (await dataOf(api.POST("/v1/jobs", { body }))).job as JobView,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
