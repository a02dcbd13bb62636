import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type BenchDatabase, ENCRYPTION_KEY } from "./open-database.js";

export const examples = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

/** A built program of ours in a process of its own, and what it said when it was ready. */
export interface ChildService<Ready> {
  readonly process: ChildProcess;
  readonly ready: Ready;
  stop(): Promise<void>;
}

/** Starts the API or a worker on a database; `environment` adds to its settings, or replaces them. */
export async function startChild<Ready>(
  name: "api" | "worker",
  { databaseUrl, dataDir }: BenchDatabase,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildService<Ready>> {
  const child = fork(fileURLToPath(import.meta.resolve(`@espalier/${name}/main`)), {
    env: {
      PATH: process.env["PATH"],
      ESPALIER_DATABASE_URL: databaseUrl,
      ESPALIER_DATA_DIR: dataDir,
      ESPALIER_MODEL_ROOTS: examples("models"),
      ESPALIER_CORPUS_ROOTS: examples("corpora"),
      ESPALIER_ENCRYPTION_KEY: Buffer.from(ENCRYPTION_KEY).toString("base64"),
      ESPALIER_LOG_LEVEL: "error",
      ...environment,
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: name === "api" ? ["--max-semi-space-size=4"] : [], // as the image and the embedded stack start it
  });
  const [ready] = (await once(child, "message")) as [Ready];
  return {
    process: child,
    ready,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
