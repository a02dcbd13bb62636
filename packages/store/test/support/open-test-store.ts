import { randomBytes } from "node:crypto";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";

/** A store on a database of its own, with a plain connection beside it for what the store does not show. */
export interface TestStore extends Store {
  readonly url: string;
  sql<T extends object>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

/** Opens a store for one test file. */
export function useStore(): () => TestStore {
  let store: TestStore | undefined;
  let pool: pg.Pool | undefined;
  beforeAll(async () => {
    const { url } = await startTestDatabase();
    const opened = new pg.Pool({ connectionString: url, max: 4 });
    pool = opened;
    store = {
      ...openStore({ databaseUrl: url, encryptionKey: randomBytes(32), maxConnections: 20 }),
      url,
      sql: async (text, values = []) => (await opened.query(text, [...values])).rows,
    };
  });
  afterAll(async () => {
    await store?.close();
    await pool?.end();
  });
  return () => {
    if (!store) throw new Error("the store is opened in beforeAll");
    return store;
  };
}
