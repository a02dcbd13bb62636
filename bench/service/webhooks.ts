// How long a healthy webhook receiver waits for its messages while many others never answer: the built worker, the
// embedded Postgres, real sockets on loopback. Every event goes to all receivers. Flags: --slow 200 --events 60 --every 2
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createJobBody, newJobId } from "@espalier/contracts";
import { applyMigrations, createDatabase, startEmbeddedPostgres } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { newSecret } from "@espalier/webhooks";
import { printResult } from "../result-line.js";

const flag = (name: string, fallback: number): number => {
  const index = process.argv.indexOf(`--${name}`);
  return index > 0 ? Number(process.argv[index + 1]) : fallback;
};

const SLOW = flag("slow", 200);
const EVENTS = flag("events", 60);
const EVERY_SECONDS = flag("every", 2);
/** What is not there by then is lost. */
const PATIENCE_SECONDS = 120;

const encryptionKey = new Uint8Array(32).fill(7);
const examples = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

type Heard =
  | { readonly kind: "listening"; readonly slow: readonly string[]; readonly healthy: string }
  | { readonly kind: "received"; readonly seconds: number; readonly slowRequests: number };

function startWorker(databaseUrl: string, dataDir: string): ChildProcess {
  return fork(fileURLToPath(import.meta.resolve("@espalier/worker/main")), {
    env: {
      PATH: process.env["PATH"],
      ESPALIER_DATABASE_URL: databaseUrl,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: examples("models"),
      ESPALIER_CORPUS_ROOTS: examples("corpora"),
      ESPALIER_ENCRYPTION_KEY: Buffer.from(encryptionKey).toString("base64"),
      ESPALIER_WEBHOOK_ALLOWED_CIDRS: "127.0.0.0/8",
      ESPALIER_WEBHOOK_ALLOW_HTTP: "true",
      ESPALIER_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
}

/** A job that is cancelled at once: one event for every endpoint. */
async function tellAll({ jobs }: Store): Promise<void> {
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: "stories260K" },
    calibration: { corpus: "tinystories-train.txt" },
    target: { sparsity: 0.2 },
  });
  const split = { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
  const spec = {
    ...body,
    search: { ...body.search, refinement: 0, racing: false },
    calibration: { ...split, corpus: "tinystories-train.txt" },
    scoring: [{ ...split, weight: 1 }],
    report: split,
    target: { ...body.target, sparsity: [0.2] },
  };
  const { id } = await jobs.create({ id: newJobId(), name: null, spec, labels: {}, webhooks: [] });
  await jobs.cancel(id);
}

const dataDir = await mkdtemp(join(tmpdir(), "espalier-bench-"));
await chmod(dataDir, 0o755); // Postgres refuses root and runs as another account, which has to reach its folder
const server = await startEmbeddedPostgres({ dir: join(dataDir, "postgres") });
const databaseUrl = await createDatabase(server.url, "bench");
await applyMigrations(databaseUrl);
const store = openStore({ databaseUrl, encryptionKey });

const delays: number[] = [];
let slowRequests = 0;
const receivers = fork(fileURLToPath(new URL("receivers-process.ts", import.meta.url)), [String(SLOW)], {
  execArgv: ["--import", "tsx"],
});
const [listening] = (await once(receivers, "message")) as [Heard];
if (listening.kind !== "listening") throw new Error("the receivers do not listen");
receivers.on("message", (message: Heard) => {
  if (message.kind !== "received") return;
  delays.push(message.seconds);
  slowRequests = message.slowRequests;
});
for (const url of [...listening.slow, listening.healthy]) {
  await store.endpoints.create({ url, events: ["job.cancelled"], secret: newSecret() });
}
const worker = startWorker(databaseUrl, dataDir);
await once(worker, "message");

const load = loadavg()[0];
for (let event = 0; event < EVENTS; event++) {
  await tellAll(store);
  await sleep(1000 * EVERY_SECONDS);
}
const end = Date.now() + 1000 * PATIENCE_SECONDS;
while (delays.length < EVENTS && Date.now() < end) await sleep(200);

delays.sort((a, b) => a - b);
const at = (share: number): number | undefined =>
  delays[Math.min(delays.length - 1, Math.floor(share * delays.length))];
printResult({
  bench: "service/webhooks",
  name: "delay of a healthy receiver",
  slow_receivers: SLOW,
  events: EVENTS,
  every_seconds: EVERY_SECONDS,
  received: delays.length,
  p50_seconds: at(0.5),
  p95_seconds: at(0.95),
  max_seconds: delays.at(-1),
  slow_attempts_meanwhile: slowRequests,
  load_before: load,
  load_after: loadavg()[0],
});

worker.kill("SIGTERM");
await once(worker, "exit");
receivers.disconnect();
await store.close();
await server.stop();
await rm(dataDir, { recursive: true, force: true });
