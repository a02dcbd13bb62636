import { withoutSecrets } from "@espalier/contracts";
import { type DestinationStream, type Logger, pino } from "pino";

/** Fields that hold secrets wherever they turn up; the log has a mark in their place. */
const SECRET_FIELDS = [
  "authorization",
  "secret",
  "apiKey",
  "encryptionKey",
  "previousEncryptionKeys",
  "password",
  "databaseUrl",
  "redisUrl",
  "metricsToken",
];

const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** Names and passwords inside URLs, as errors of drivers quote them. */
const CREDENTIALS = /\b(postgres(?:ql)?|rediss?|https?):\/\/[^\s/@"']+@/g;

const redacted = (line: string): string => withoutSecrets(line).replace(CREDENTIALS, "$1://[redacted]@");

export interface LoggerOptions {
  /** `api` or `worker`: field `service` of every line. */
  readonly service: string;
  readonly level: string;
}

/** JSON lines on stdout. Secrets are taken out of finished lines too, wherever they stand. */
export function makeLogger({ service, level }: LoggerOptions, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service, pid: process.pid },
    redact: { paths, censor: "[redacted]" },
    hooks: { streamWrite: redacted },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
