import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** Whether a server answers a query at `url` within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined); // a server that is starting or stopping ends the connection after the rejection too
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Waits until the server answers; false when `isDead` or the time is over. */
export async function waitUntilAnswers(url: string, isDead: () => boolean, seconds: number): Promise<boolean> {
  const pause = 50;
  for (let waited = 0; waited < seconds * 1000 && !isDead(); waited += pause) {
    if (await answers(url)) return true;
    await sleep(pause);
  }
  return false;
}
