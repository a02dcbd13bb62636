import pg from "pg";

export type Row = Readonly<Record<string, unknown>>;

/** What the tests themselves read and hold in Postgres, apart from the product's own connections. */
export interface Database {
  readonly url: string;
  query<T = Row>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** A session of its own with an open transaction: what it locks stays locked until `end`. */
  hold(text: string, values?: readonly unknown[]): Promise<{ end(): Promise<void> }>;
  /** How many sessions wait for a lock. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

export function openDatabase(url: string): Database {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => undefined); // a restart of Postgres; the next query connects again
  const query = async <T>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> =>
    (await pool.query(text, [...values])).rows as T[];
  return {
    url,
    query,
    hold: async (text, values = []) => {
      const client = new pg.Client({ connectionString: url });
      client.on("error", () => undefined);
      await client.connect();
      await client.query("BEGIN");
      await client.query(text, [...values]);
      return { end: () => client.end() };
    },
    waiting: async () => {
      const [row] = await query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row?.count ?? 0;
    },
    close: () => pool.end(),
  };
}
