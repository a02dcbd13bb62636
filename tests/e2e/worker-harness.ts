import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isTerminal, type JobId, type JobSpec, type JobView, newJobId } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openQueues, type Queues } from "@espalier/queues";
import { openStore, type Store } from "@espalier/store";

/** Postgres, queues and rows of a test, with worker processes that it starts and ends itself; no API. */
export interface WorkerHarness {
  readonly store: Store;
  readonly queues: Queues;
  /** A built worker, ready to take work. */
  startWorker(): Promise<ChildProcess>;
  submit(changes?: Partial<JobSpec>): Promise<JobId>;
  until(id: JobId, done: (job: JobView) => boolean): Promise<JobView>;
  finished(id: JobId): Promise<JobView>;
  /** What must not depend on how work was interrupted. */
  outcome(id: JobId): Promise<unknown>;
  /** Where statistics and artefacts lie. */
  readonly dataDir: string;
  close(): Promise<void>;
}

const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const ENCRYPTION_KEY = Buffer.alloc(32, 7);
const LEASE_SECONDS = "5";
const POLL_MILLISECONDS = 20;

const split = (corpus: string, windows: number, skip_windows: number) => ({
  corpus,
  windows,
  sequence_length: 64,
  skip_windows,
});

const smallSpec: JobSpec = {
  model: { path: "stories260K" },
  calibration: split("tinystories-train.txt", 32, 0),
  scoring: [{ ...split("tinystories-valid.txt", 24, 0), weight: 1 }],
  report: split("tinystories-valid.txt", 16, 24),
  target: { sparsity: [0.2], layout: "free", round_to: 1 },
  search: {
    preset: "espalier",
    trials: 5,
    parallelism: 1,
    seed: 5,
    sampler: "tpe",
    refinement: 0.5,
    racing: true,
    space: {},
  },
  baselines: false,
  compensation: "search",
  recovery: { method: "none" },
  evaluation: { tasks: [] },
  export: { profiles: ["native"] },
  budget: { max_duration_seconds: null, max_compute_seconds: null },
  labels: {},
};

export async function startHarness(): Promise<WorkerHarness> {
  const database = await startTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), "espalier-workers-"));
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = await openStore({ databaseUrl: database.url, encryptionKey: ENCRYPTION_KEY });
  const queues = await openQueues({ databaseUrl: database.url, logger: silent });
  const workers: ChildProcess[] = [];

  async function startWorker(): Promise<ChildProcess> {
    const worker = fork(repository("apps/worker/dist/main.js"), [], {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        PATH: process.env["PATH"],
        ESPALIER_DATABASE_URL: database.url,
        ESPALIER_DATA_DIR: dataDir,
        ESPALIER_MODEL_ROOTS: repository("examples/models"),
        ESPALIER_CORPUS_ROOTS: repository("examples/corpora"),
        ESPALIER_ENCRYPTION_KEY: ENCRYPTION_KEY.toString("base64"),
        ESPALIER_THREADS: "1",
        ESPALIER_LEASE_SECONDS: LEASE_SECONDS,
      },
    });
    workers.push(worker);
    await once(worker, "message");
    return worker;
  }

  async function submit(changes: Partial<JobSpec> = {}): Promise<JobId> {
    const id = newJobId();
    await store.jobs.create({ id, name: null, spec: { ...smallSpec, ...changes }, labels: {}, webhooks: [] });
    await queues.enqueue("profile", { job_id: id });
    return id;
  }

  async function until(id: JobId, done: (job: JobView) => boolean): Promise<JobView> {
    for (;;) {
      const job = await store.views.job(id);
      if (done(job)) return job;
      if (isTerminal(job.state)) throw new Error(`job ended ${job.state}: ${JSON.stringify(job.error)}`);
      await sleep(POLL_MILLISECONDS);
    }
  }

  return {
    store,
    queues,
    dataDir,
    startWorker,
    submit,
    until,
    finished: (id) => until(id, (job) => isTerminal(job.state)),
    outcome: async (id) => {
      const { data } = await store.views.trials(id, { limit: 200, sort: "number" });
      const { data: files } = await store.views.artifacts(id);
      return {
        trials: data.map(({ number, state, params, score, results }) => ({ number, state, params, score, results })),
        files: files.map(({ name, sha256 }) => `${sha256} ${name}`),
      };
    },
    close: async () => {
      for (const worker of workers) worker.kill("SIGKILL");
      await queues.close();
      await store.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
