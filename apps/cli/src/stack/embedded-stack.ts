import { mkdir } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { applyMigrations, startEmbeddedPostgres } from "@espalier/embedded";
import { startService } from "./child-service.js";
import { encryptionKeys } from "./encryption-key.js";
import type { PassedOn } from "./passed-on.js";

export interface EmbeddedStackOptions {
  readonly dataDir: string;
  readonly modelRoots: readonly string[];
  readonly corpusRoots: readonly string[];
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Trials at once; default 1. */
  readonly concurrency?: number;
  readonly threads?: number | undefined;
  readonly provider?: string | undefined;
  /** Further variables of both processes. */
  readonly passedOn?: PassedOn;
  /** Lets webhooks reach receivers on this machine over http. */
  readonly localWebhooks?: boolean;
  /** False for throw-away data: Postgres does not wait for the disk. */
  readonly durable: boolean;
}

export interface EmbeddedStack {
  readonly url: string;
  readonly logDir: string;
  readonly workerPid: () => number | undefined;
  stop(): Promise<void>;
}

/** A lost worker's work is taken over after this; short, since all processes share one machine's clock and fate. */
const EMBEDDED_LEASE_SECONDS = 15;

/** Whoever starts this may download what they like; the environment can close it. */
const OPEN_HUB = { ESPALIER_HUB: "true" };

/** Postgres, API and one worker, each in its own process; all end when this process ends, however it ends. */
export async function startEmbeddedStack(options: EmbeddedStackOptions): Promise<EmbeddedStack> {
  const dataDir = resolve(options.dataDir);
  const logDir = join(dataDir, "logs");
  await mkdir(logDir, { recursive: true });
  const postgres = await startEmbeddedPostgres({ dir: join(dataDir, "postgres"), durable: options.durable });
  const stops: (() => Promise<void>)[] = [() => postgres.stop()];
  const stop = async () => {
    for (const close of stops.reverse()) await close();
  };
  try {
    await applyMigrations(postgres.url);
    const env = await environment(options, dataDir, postgres.url);
    const api = startService({
      name: "The API",
      entry: "@espalier/api/main",
      nodeFlags: ["--max-semi-space-size=4"], // as in the image: an export of a million trials stays below 300 MB
      env: { ...env.api, ...options.passedOn?.api, ...env.shared },
      logFile: join(logDir, "api.log"),
      restart: false,
    });
    stops.push(() => api.stop());
    const { url } = await api.message<{ readonly kind: "listening"; readonly url: string }>("listening");
    const worker = startService({
      name: "The worker",
      entry: "@espalier/worker/main",
      env: { ...env.worker, ...options.passedOn?.worker, ...env.shared },
      logFile: join(logDir, "worker.log"),
      restart: true,
    });
    stops.push(() => worker.stop());
    return { url, logDir, workerPid: worker.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function environment(options: EmbeddedStackOptions, dataDir: string, databaseUrl: string) {
  const optional = (entries: Readonly<Record<string, string | number | undefined>>): Record<string, string> =>
    Object.fromEntries(Object.entries(entries).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)]])));
  const keys = await encryptionKeys(dataDir);
  return {
    shared: {
      ESPALIER_DATABASE_URL: databaseUrl,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: options.modelRoots.map((root) => resolve(root)).join(delimiter),
      ESPALIER_CORPUS_ROOTS: options.corpusRoots.map((root) => resolve(root)).join(delimiter),
      ESPALIER_ENCRYPTION_KEY: keys.current,
      ESPALIER_ENCRYPTION_KEY_PREVIOUS: keys.previous,
      ...(options.localWebhooks
        ? { ESPALIER_WEBHOOK_ALLOW_HTTP: "true", ESPALIER_WEBHOOK_ALLOWED_CIDRS: "127.0.0.0/8" }
        : {}),
    },
    api: optional({
      ...OPEN_HUB,
      ESPALIER_HOST: options.host,
      ESPALIER_PORT: options.port,
    }),
    worker: optional({
      ...OPEN_HUB,
      ESPALIER_WORKER_CONCURRENCY: options.concurrency,
      ESPALIER_THREADS: options.threads,
      ESPALIER_EXECUTION_PROVIDER: options.provider,
      ESPALIER_LEASE_SECONDS: EMBEDDED_LEASE_SECONDS,
    }),
  };
}
