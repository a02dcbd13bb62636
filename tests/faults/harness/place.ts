import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startTestDatabase } from "@espalier/embedded";
import { type RedisServer, startRedis } from "../../../packages/queues/test/support/redis-server.js";
import { repository } from "../../e2e/repository.js";
import { type BuiltProcess, type ProcessOptions, startBuilt } from "./built-process.js";
import { type Calls, callsOf } from "./calls.js";
import { type Canaries, makeCanaries, searchedFor } from "./canaries.js";
import { type Client, makeClient } from "./client.js";
import { type Database, openDatabase } from "./database.js";
import { type PostgresServer, startPostgres } from "./postgres-server.js";
import { type Receiver, startReceiver } from "./receiver.js";

export interface PlaceOptions {
  /** Where messages travel; default Postgres. */
  readonly queue?: "postgres" | "redis";
  /** `own`: a server that the test may kill; default the test run's shared one. */
  readonly postgres?: "shared" | "own";
  /** Folders of models, given the data folder; default the shipped ones. */
  readonly modelRoots?: (dataDir: string) => readonly string[];
  /** Further or other variables of every process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a service of its own is made of: what the invariants are asked of. */
export interface Observed {
  readonly dataDir: string;
  readonly database: Database;
  readonly client: Client;
  readonly redis?: RedisServer | undefined;
  /** Empties Redis; what runs after that has to be rebuilt from Postgres. Where messages travel through Postgres: nothing. */
  readonly emptyRedis?: (() => Promise<void>) | undefined;
  /** Whatever the processes wrote, those that are gone too. */
  readonly logs: () => string;
  /** Metrics of every process that lives. */
  readonly metrics: () => Promise<string>;
  readonly canaries: Canaries;
  /** What to search for, of all of them. */
  readonly secrets: readonly string[];
  readonly receiver: Receiver;
}

/** Postgres, queue, API and webhook receiver of one test, with workers that it starts and ends itself. */
export interface Place extends Observed, Calls {
  readonly queue: "postgres" | "redis";
  /** Where `postgres` is `own`. */
  readonly postgres?: PostgresServer | undefined;
  /** The API that runs now. */
  readonly api: () => BuiltProcess;
  /** Starts the API again, on the same port, after it was ended. */
  startApi(): Promise<BuiltProcess>;
  /** One more API beside the first, on a port of its own. */
  startSecondApi(): Promise<Client>;
  /** Another worker, ready to take work. */
  startWorker(options?: Partial<Pick<ProcessOptions, "env" | "execArgv">>): Promise<BuiltProcess>;
  /** Every process that was started, the dead ones too. */
  readonly processes: readonly BuiltProcess[];
  close(): Promise<void>;
}

/** The shortest that a worker accepts. */
const LEASE_SECONDS = "5";
/** Other accounts may pass through: root's Postgres runs as one of them. */
const PASSABLE = 0o711;

export async function startPlace(options: PlaceOptions = {}): Promise<Place> {
  const queue = options.queue ?? "postgres";
  const dataDir = mkdtempSync(join(tmpdir(), "espalier-faults-"));
  chmodSync(dataDir, PASSABLE);
  const shared = options.postgres === "own" ? undefined : await startTestDatabase();
  const postgres = shared === undefined ? await startPostgres(join(dataDir, "postgres")) : undefined;
  const databaseUrl = shared?.url ?? postgres?.url ?? "";
  const redis = queue === "redis" ? await startRedis() : undefined;
  const canaries = makeCanaries();
  const receiver = await startReceiver();
  const database = openDatabase(databaseUrl);
  const processes: BuiltProcess[] = [];
  const roots = options.modelRoots?.(dataDir).join(delimiter);
  const env = {
    ...environment(canaries, dataDir, databaseUrl, redis?.url),
    ...(roots === undefined ? {} : { ESPALIER_MODEL_ROOTS: roots }),
    ...options.env,
  };

  async function start(process: ProcessOptions): Promise<BuiltProcess> {
    const started = await startBuilt({ ...process, env: { ...env, ...process.env } });
    processes.push(started);
    return started;
  }
  const listen = (port: string) =>
    start({ app: "api", env: { ESPALIER_PORT: port, ESPALIER_API_KEY: canaries.apiKey, ...NO_LIMITS } });
  let api = await listen("0");
  const { url } = api.ready as { url: string };
  const client = makeClient(url, await makeKey(url, canaries.apiKey));

  const calls = callsOf(client, receiver, canaries);
  const startWorker: Place["startWorker"] = ({ env: changes = {}, execArgv = [] } = {}) =>
    start({ app: "worker", env: { ...WORKER, ...changes }, execArgv });

  async function emptyRedis({ flush }: RedisServer): Promise<void> {
    if (!processes.some(({ app, isAlive }) => app === "worker" && isAlive())) await startWorker();
    const { id } = await calls.submit({ search: { trials: 2, seed: 1 } });
    await flush();
    const { state } = await calls.finished(id);
    if (state !== "succeeded") throw new Error(`Redis was emptied under ${id}, which ended ${state}`);
  }

  return {
    ...calls,
    queue,
    dataDir,
    database,
    client,
    redis,
    emptyRedis: redis && (() => emptyRedis(redis)),
    postgres,
    canaries,
    receiver,
    processes,
    secrets: searchedFor(canaries, client.key, [databaseUrl, ...(redis === undefined ? [] : [redis.url])]),
    logs: () => processes.map(({ output }) => output()).join("\n"),
    metrics: () => metricsOf(url, processes, canaries.metricsToken),
    api: () => api,
    startApi: async () => {
      api = await listen(new URL(url).port);
      return api;
    },
    startSecondApi: async () => makeClient(((await listen("0")).ready as { url: string }).url, client.key),
    startWorker,
    close: async () => {
      await Promise.all(processes.filter(({ isAlive }) => isAlive()).map((process) => process.killWithChildren()));
      await database.close();
      await receiver.close();
      await redis?.stop();
      await postgres?.stop();
      await shared?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const NO_LIMITS = { ESPALIER_RATE_LIMIT_READS: "0", ESPALIER_RATE_LIMIT_WRITES: "0" };
const WORKER = { ESPALIER_THREADS: "1", ESPALIER_LEASE_SECONDS: LEASE_SECONDS, ESPALIER_METRICS_PORT: "0" };

function environment(canaries: Canaries, dataDir: string, databaseUrl: string, redisUrl: string | undefined) {
  return {
    ESPALIER_DATABASE_URL: databaseUrl,
    ...(redisUrl === undefined ? {} : { ESPALIER_REDIS_URL: redisUrl }),
    ESPALIER_DATA_DIR: dataDir,
    ESPALIER_MODEL_ROOTS: repository("examples/models"),
    ESPALIER_CORPUS_ROOTS: repository("examples/corpora"),
    ESPALIER_ENCRYPTION_KEY: canaries.encryptionKey,
    ESPALIER_METRICS_TOKEN: canaries.metricsToken,
    ESPALIER_WEBHOOK_ALLOWED_CIDRS: "127.0.0.0/8",
    ESPALIER_WEBHOOK_ALLOW_HTTP: "true",
    // What is said at this level must hide secrets too.
    ESPALIER_LOG_LEVEL: "trace",
  };
}

/** A key as clients have one; the answer that shows it is not kept. */
async function makeKey(url: string, firstKey: string): Promise<string> {
  const body = JSON.stringify({ name: "fault tests", scopes: ["admin"] });
  const answer = await makeClient(url, firstKey).insist<{ key: string }>("/v1/api-keys", { method: "POST", body });
  if (answer.status !== 201) throw new Error(`no key was made: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.key;
}

async function metricsOf(url: string, processes: readonly BuiltProcess[], token: string): Promise<string> {
  const workers = processes.filter(({ app, isAlive }) => app === "worker" && isAlive());
  const ports = workers.flatMap((worker) => {
    const listening = worker.lines().find(({ event }) => event === "metrics.listening");
    return listening === undefined ? [] : [listening["port"]];
  });
  const texts = [url, ...ports.map((port) => `http://127.0.0.1:${port}`)].map(async (base) => {
    const answer = await fetch(new URL("/metrics", base), { headers: { authorization: `Bearer ${token}` } });
    return answer.text();
  });
  return (await Promise.all(texts)).join("\n");
}
