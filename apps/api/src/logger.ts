import { withoutSecrets } from "@espalier/contracts";
import { type DestinationStream, type Logger, pino } from "pino";

/** Fields that hold secrets wherever they turn up; the log has a mark in their place. */
const SECRET_FIELDS = ["authorization", "secret", "apiKey", "encryptionKey", "password", "databaseUrl", "redisUrl"];

const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** The API's log: JSON lines on stdout. Secrets are taken out of finished lines too, wherever they stand. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: "api" },
    redact: { paths, censor: "[redacted]" },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
