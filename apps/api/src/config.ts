import { isIP } from "node:net";
import {
  apiEnvironment,
  ConfigurationError,
  type HubConfiguration,
  hubConfiguration,
  type ObjectStoreSettings,
  objectStoreSettings,
  readEnvironment,
} from "@espalier/contracts";
import type { MemorySettings } from "./inspect/check-memory.js";
import type { Roots } from "./inspect/messages.js";
import type { RateLimits } from "./plugins/rate-limit.js";

/** Everything that the API reads from its environment. */
export interface ApiConfig {
  readonly databaseUrl: string;
  /** Absent: the queue uses Postgres too. */
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  /** Absent: files are read from the data folder. */
  readonly s3?: ObjectStoreSettings | undefined;
  readonly roots: Omit<Roots, "hubDir">;
  readonly hub: HubConfiguration;
  /** What workers allow a job. */
  readonly memory?: MemorySettings | undefined;
  readonly host: string;
  readonly port: number;
  /** CIDR ranges of proxies that are believed about a client's address. */
  readonly trustedProxies?: readonly string[];
  readonly encryptionKey: Uint8Array;
  readonly previousEncryptionKeys?: readonly Uint8Array[];
  readonly apiKey: string | undefined;
  readonly rateLimits: RateLimits;
  readonly logLevel: string;
  /** What a reader of `/metrics` must send; undefined: only this machine may read. */
  readonly metricsToken?: string | undefined;
  readonly tracing?: boolean;
  readonly webhooks: { readonly allowedCidrs: readonly string[]; readonly allowHttp: boolean };
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/** Reads the environment. Throws ConfigurationError listing all problems; an open address needs a key. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ApiConfig {
  const read = readEnvironment(apiEnvironment, env);
  if (read.ESPALIER_API_KEY === undefined && !isLoopback(read.ESPALIER_HOST)) {
    throw new ConfigurationError([
      `ESPALIER_HOST is '${read.ESPALIER_HOST}', which others can reach, and ESPALIER_API_KEY is not set. ` +
        "Set a key of at least 16 characters, or bind 127.0.0.1.",
    ]);
  }
  if (read.ESPALIER_API_KEY === undefined && read.ESPALIER_TRUST_PROXY.length > 0) {
    throw new ConfigurationError([
      "ESPALIER_TRUST_PROXY is set, so others reach the service, and ESPALIER_API_KEY is not. Set a key of at least 16 characters.",
    ]);
  }
  return {
    databaseUrl: read.ESPALIER_DATABASE_URL,
    redisUrl: read.ESPALIER_REDIS_URL,
    dataDir: read.ESPALIER_DATA_DIR,
    s3: objectStoreSettings(read),
    roots: { models: read.ESPALIER_MODEL_ROOTS, corpora: read.ESPALIER_CORPUS_ROOTS },
    hub: hubConfiguration(read, read.ESPALIER_DATA_DIR),
    memory: { memoryBytes: read.ESPALIER_MEMORY_BYTES, profileMode: read.ESPALIER_PROFILE },
    host: read.ESPALIER_HOST,
    port: read.ESPALIER_PORT,
    trustedProxies: read.ESPALIER_TRUST_PROXY,
    encryptionKey: read.ESPALIER_ENCRYPTION_KEY,
    previousEncryptionKeys: read.ESPALIER_ENCRYPTION_KEY_PREVIOUS,
    apiKey: read.ESPALIER_API_KEY,
    rateLimits: { reads: read.ESPALIER_RATE_LIMIT_READS, writes: read.ESPALIER_RATE_LIMIT_WRITES },
    logLevel: read.ESPALIER_LOG_LEVEL,
    metricsToken: read.ESPALIER_METRICS_TOKEN,
    tracing: read.ESPALIER_TRACING,
    webhooks: {
      allowedCidrs: read.ESPALIER_WEBHOOK_ALLOWED_CIDRS,
      allowHttp: read.ESPALIER_WEBHOOK_ALLOW_HTTP,
    },
  };
}
