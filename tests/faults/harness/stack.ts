import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@espalier/embedded";
import { type RunningService, startService } from "../../e2e/running-service.js";
import { type Calls, callsOf } from "./calls.js";
import { makeCanaries, searchedFor } from "./canaries.js";
import { makeClient } from "./client.js";
import { openDatabase } from "./database.js";
import type { Observed } from "./place.js";
import { startReceiver } from "./receiver.js";

/** `espalier up`: Postgres, API and worker under one supervisor, as one thing that can be killed and started again. */
export interface Stack extends Observed, Calls {
  /** SIGKILL of the supervisor; what it started ends with it. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on a folder of its own, or again on the folder of one that was killed. */
export async function startStack(killed?: Stack): Promise<Stack> {
  const canaries = killed?.canaries ?? makeCanaries();
  const receiver = killed?.receiver ?? (await startReceiver());
  const env = { ESPALIER_API_KEY: canaries.apiKey, ESPALIER_RATE_LIMIT_READS: "0" };
  const service: RunningService = await startService(killed?.dataDir, env);
  const { url, dataDir } = service;
  const client = makeClient(url, canaries.apiKey);
  const { url: databaseUrl } = await startEmbeddedPostgres({ dir: join(dataDir, "postgres") });
  const database = openDatabase(databaseUrl);
  const logs = join(dataDir, "logs");
  return {
    ...callsOf(client, receiver, canaries),
    dataDir,
    database,
    client,
    receiver,
    canaries,
    secrets: searchedFor({ ...canaries, encryptionKey: keyOf(dataDir) }, client.key, [databaseUrl]),
    logs: () =>
      readdirSync(logs)
        .map((name) => readFileSync(join(logs, name), "utf8"))
        .join("\n"),
    metrics: async () => (await fetch(new URL("/metrics", url))).text(),
    kill: async () => {
      await database.close();
      await service.kill();
    },
    close: async () => {
      await database.close();
      await receiver.close();
      await service.stop();
    },
  };
}

/** The stack makes its own. */
const keyOf = (dataDir: string): string => readFileSync(join(dataDir, "encryption.key"), "utf8").trim();
