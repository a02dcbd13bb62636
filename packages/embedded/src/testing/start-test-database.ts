import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { databaseUrl, onServer } from "../databases.js";
import { sharedCluster, TEMPLATE } from "./shared-cluster.js";

/** A fresh database with all migrations, for one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it, with the connections that are still open. Optional: the whole cluster goes when the test run ends. */
  drop(): Promise<void>;
}

const OBJECT_IN_USE = "55006";

/** Makes a database on the test run's shared throw-away cluster (the first call starts it, about 2 s; then 50 ms each). */
export async function startTestDatabase(): Promise<TestDatabase> {
  const server = await sharedCluster();
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await copyTemplate(server, name);
  return {
    url: databaseUrl(server, name),
    drop: () =>
      onServer(server, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** A template can be copied only while nobody is connected to it; another copy may be under way. */
async function copyTemplate(server: string, name: string): Promise<void> {
  await onServer(server, async (client) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== OBJECT_IN_USE || attempt === 50) throw error;
        await sleep(100);
      }
    }
  });
}
