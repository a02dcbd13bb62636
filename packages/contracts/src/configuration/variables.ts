import { z } from "zod";

const PATH_DELIMITER = globalThis.process?.platform === "win32" ? ";" : ":";

/** Bytes of the key that encrypts webhook secrets and signs cursors (AES-256). */
const ENCRYPTION_KEY_BYTES = 32;

const pathList = z
  .string()
  .max(16_384)
  .transform((text) => text.split(PATH_DELIMITER).filter((path) => path !== ""))
  .pipe(z.array(z.string()).min(1, "names no folder"));

const commaList = z
  .string()
  .max(4096)
  .transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
  );

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "is not a list of CIDR ranges such as 10.0.0.0/8" });

/** Where proxies are. A range of all addresses would believe every client, and a mere number of proxies whoever is not one. */
const proxyRanges = commaList.pipe(
  z.array(
    cidr.refine(
      (range) => !range.endsWith("/0"),
      "names every address as a proxy's, so that clients could forge theirs",
    ),
  ),
);

const ONE_WEEK_SECONDS = 7 * 24 * 3600;

const NO_SCHEDULE = "is not a list of seconds, each within a week, such as 5,300,1800";

/** Seconds before each further attempt of a message. */
const retrySeconds = z
  .string()
  .max(1024)
  .transform((text) => text.split(",").map((entry) => (entry.trim() === "" ? Number.NaN : Number(entry))))
  .pipe(z.array(z.number(NO_SCHEDULE).min(0, NO_SCHEDULE).max(ONE_WEEK_SECONDS, NO_SCHEDULE)));

const encryptionKey = z.base64("is not base64").transform((text, context) => {
  const key = new Uint8Array(Buffer.from(text, "base64"));
  if (key.length !== ENCRYPTION_KEY_BYTES) {
    context.addIssue({ code: "custom", message: `holds ${key.length} bytes, ${ENCRYPTION_KEY_BYTES} are needed` });
    return z.NEVER;
  }
  return key;
});

/** Names of folders with a slash after each. */
const keyPrefix = z
  .string()
  .max(512)
  .transform((text) => text.replace(/^\/+|\/+$/g, ""))
  .pipe(z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/, "is not a list of folder names such as team/espalier"))
  .transform((text) => `${text}/`);

const objectStoreUrl = z
  .url({ protocol: /^https?$/, error: "is not an http:// or https:// URL" })
  .refine((url) => !/@|\?|#/.test(url), "holds more than a host and a path: credentials go into AWS_ACCESS_KEY_ID");

/** A hub's address, without the slash that paths begin with. */
const hubUrl = z
  .url({ protocol: /^https?$/, error: "is not an http:// or https:// URL" })
  .refine((url) => !/@|\?|#/.test(url), "holds more than a host and a path: a token goes into ESPALIER_HUB_TOKEN")
  .transform((url) => url.replace(/\/+$/, ""));

/** What may stand in a header. */
const hubToken = z
  .string()
  .max(512)
  .regex(/^[!-~]+$/, "holds characters that no token has");

const DEFAULT_HUB_MAX_BYTES = 256 * 1024 ** 3;

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is not the name of a bucket");
const regionName = z.string().regex(/^[a-z0-9-]{1,64}$/, "is not the name of a region");

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/**
 * Every environment variable that Espalier knows, with its form; `.env.example` describes each.
 * API and worker pick what they need from this one table, so that they cannot drift.
 */
export const environmentVariables = {
  ESPALIER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "is not a postgresql:// URL" }),
  ESPALIER_REDIS_URL: z.url({ protocol: /^rediss?$/, error: "is not a redis:// URL" }).optional(),
  ESPALIER_DATA_DIR: z.string().min(1).max(4096),
  ESPALIER_MODEL_ROOTS: pathList,
  ESPALIER_CORPUS_ROOTS: pathList,
  ESPALIER_ENCRYPTION_KEY: encryptionKey,
  ESPALIER_ENCRYPTION_KEY_PREVIOUS: commaList.pipe(z.array(encryptionKey)).default([]),
  ESPALIER_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  ESPALIER_HOST: z.string().min(1).max(255).default("127.0.0.1"),
  ESPALIER_PORT: wholeNumber(0, 65_535).default(8080),
  ESPALIER_TRUST_PROXY: proxyRanges.default([]),
  ESPALIER_API_KEY: z.string().min(16, "is shorter than 16 characters").max(512).optional(),
  ESPALIER_RATE_LIMIT_READS: wholeNumber(0, 1_000_000_000).default(6000),
  ESPALIER_RATE_LIMIT_WRITES: wholeNumber(0, 1_000_000_000).default(600),
  ESPALIER_URL: z.url({ protocol: /^https?$/, error: "is not an http:// URL" }).default("http://127.0.0.1:8080"),
  ESPALIER_WEBHOOK_ALLOWED_CIDRS: commaList.pipe(z.array(cidr)).default([]),
  ESPALIER_WEBHOOK_ALLOW_HTTP: z.stringbool().default(false),
  ESPALIER_WEBHOOK_RETRY_SECONDS: retrySeconds.optional(),
  ESPALIER_WORKER_CONCURRENCY: wholeNumber(1, 64).default(1),
  ESPALIER_THREADS: wholeNumber(1, 1024).optional(),
  ESPALIER_EXECUTION_PROVIDER: z.enum(["cpu", "webgpu", "cuda"]).default("cpu"),
  ESPALIER_WEIGHT_PRECISION: z.enum(["full", "half"]).default("full"),
  ESPALIER_PROFILE: z.enum(["auto", "whole", "streamed"]).default("auto"),
  ESPALIER_PYTHON: z.string().min(1).max(4096).optional(),
  ESPALIER_MEMORY_BYTES: wholeNumber(64 * 1024 * 1024, Number.MAX_SAFE_INTEGER).optional(),
  ESPALIER_LEASE_SECONDS: wholeNumber(5, 3600).default(15),
  ESPALIER_METRICS_TOKEN: z.string().min(16, "is shorter than 16 characters").max(512).optional(),
  ESPALIER_METRICS_HOST: z.string().min(1).max(255).default("127.0.0.1"),
  ESPALIER_METRICS_PORT: wholeNumber(0, 65_535).optional(),
  ESPALIER_TRACING: z.stringbool().default(false),
  ESPALIER_HUB: z.stringbool().default(false),
  ESPALIER_HUB_ENDPOINT: hubUrl.default("https://huggingface.co"),
  ESPALIER_HUB_TOKEN: hubToken.optional(),
  ESPALIER_HUB_DIR: z.string().min(1).max(4096).optional(),
  ESPALIER_HUB_MAX_BYTES: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(DEFAULT_HUB_MAX_BYTES),
  ESPALIER_HUB_ALLOWED_CIDRS: commaList.pipe(z.array(cidr)).default([]),
  ESPALIER_S3_BUCKET: bucketName.optional(),
  ESPALIER_S3_ENDPOINT: objectStoreUrl.optional(),
  ESPALIER_S3_REGION: regionName.optional(),
  ESPALIER_S3_PREFIX: keyPrefix.optional(),
  ESPALIER_S3_FORCE_PATH_STYLE: z.stringbool().optional(),
} as const;

export type EnvironmentName = keyof typeof environmentVariables;
export const environmentNames = Object.keys(environmentVariables) as readonly EnvironmentName[];

/** Where files of jobs are kept when they are not kept in the data folder. */
export const objectStoreEnvironment = [
  "ESPALIER_S3_BUCKET",
  "ESPALIER_S3_ENDPOINT",
  "ESPALIER_S3_REGION",
  "ESPALIER_S3_PREFIX",
  "ESPALIER_S3_FORCE_PATH_STYLE",
] as const satisfies readonly EnvironmentName[];

/** Where models that jobs name by their place on a hub come from, and where they are kept. */
export const hubEnvironment = [
  "ESPALIER_HUB",
  "ESPALIER_HUB_ENDPOINT",
  "ESPALIER_HUB_TOKEN",
  "ESPALIER_HUB_DIR",
  "ESPALIER_HUB_MAX_BYTES",
  "ESPALIER_HUB_ALLOWED_CIDRS",
] as const satisfies readonly EnvironmentName[];

/** What both processes that talk to Postgres, the queue and the files need. */
export const sharedEnvironment = [
  ...objectStoreEnvironment,
  ...hubEnvironment,
  "ESPALIER_DATABASE_URL",
  "ESPALIER_REDIS_URL",
  "ESPALIER_DATA_DIR",
  "ESPALIER_MODEL_ROOTS",
  "ESPALIER_CORPUS_ROOTS",
  "ESPALIER_ENCRYPTION_KEY",
  "ESPALIER_ENCRYPTION_KEY_PREVIOUS",
  "ESPALIER_LOG_LEVEL",
  "ESPALIER_WEBHOOK_ALLOWED_CIDRS",
  "ESPALIER_WEBHOOK_ALLOW_HTTP",
  "ESPALIER_MEMORY_BYTES",
  "ESPALIER_PROFILE",
] as const satisfies readonly EnvironmentName[];

export const apiEnvironment = [
  ...sharedEnvironment,
  "ESPALIER_HOST",
  "ESPALIER_PORT",
  "ESPALIER_TRUST_PROXY",
  "ESPALIER_API_KEY",
  "ESPALIER_RATE_LIMIT_READS",
  "ESPALIER_RATE_LIMIT_WRITES",
  "ESPALIER_METRICS_TOKEN",
  "ESPALIER_TRACING",
] as const satisfies readonly EnvironmentName[];

/** What the command line sends its requests by. */
export const clientEnvironment = ["ESPALIER_URL", "ESPALIER_API_KEY"] as const satisfies readonly EnvironmentName[];

export const workerEnvironment = [
  ...sharedEnvironment,
  "ESPALIER_WORKER_CONCURRENCY",
  "ESPALIER_WEBHOOK_RETRY_SECONDS",
  "ESPALIER_THREADS",
  "ESPALIER_EXECUTION_PROVIDER",
  "ESPALIER_WEIGHT_PRECISION",
  "ESPALIER_PYTHON",
  "ESPALIER_LEASE_SECONDS",
  "ESPALIER_METRICS_TOKEN",
  "ESPALIER_METRICS_HOST",
  "ESPALIER_METRICS_PORT",
  "ESPALIER_TRACING",
] as const satisfies readonly EnvironmentName[];
