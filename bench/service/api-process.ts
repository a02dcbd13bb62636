import { startChild } from "./child-service.js";
import type { BenchDatabase } from "./open-database.js";

type Headers = Readonly<Record<string, string>>;

/** The service in a process of its own. */
export interface Api {
  readonly pid: number;
  readonly url: string;
  get(path: string, headers?: Headers): Promise<Response>;
  post(path: string, body: unknown, headers?: Headers): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts the built API on a database, with no limits of rate. */
export async function startApi(database: BenchDatabase, environment: Headers = {}): Promise<Api> {
  const child = await startChild<{ readonly url: string }>("api", database, {
    ESPALIER_PORT: "0",
    ESPALIER_RATE_LIMIT_READS: "0",
    ESPALIER_RATE_LIMIT_WRITES: "0",
    ...environment,
  });
  const { url } = child.ready;
  return {
    pid: child.process.pid ?? 0,
    url,
    get: (path, headers = {}) => fetch(new URL(path, url), { headers }),
    post: (path, body, headers = {}) =>
      fetch(new URL(path, url), {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    stop: child.stop,
  };
}
