import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ENCRYPTION_KEY, type Seeded } from "./open-seeded.js";

/** The service in a process of its own. */
export interface Api {
  readonly pid: number;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  stop(): Promise<void>;
}

const folder = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

/** Starts the built API on a database, with no limits of rate. */
export async function startApi({ databaseUrl, dataDir }: Seeded): Promise<Api> {
  const child = fork(fileURLToPath(import.meta.resolve("@espalier/api/main")), {
    env: {
      PATH: process.env["PATH"],
      ESPALIER_DATABASE_URL: databaseUrl,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: folder("models"),
      ESPALIER_CORPUS_ROOTS: folder("corpora"),
      ESPALIER_ENCRYPTION_KEY: Buffer.from(ENCRYPTION_KEY).toString("base64"),
      ESPALIER_PORT: "0",
      ESPALIER_RATE_LIMIT_READS: "0",
      ESPALIER_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  const [{ url }] = (await once(child, "message")) as [{ readonly url: string }];
  return {
    pid: child.pid ?? 0,
    get: (path, headers = {}) => fetch(new URL(path, url), { headers }),
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
