import type { Log } from "@espalier/pipeline";
import type { SecretUpkeep } from "@espalier/store";
import { type Repeating, repeat } from "./repeat.js";

const EVERY_MS = 10 * 60_000;

/**
 * Removes webhook secrets whose time is over, and seals anew what previous encryption keys sealed: at start, which follows
 * every change of keys, and again for what processes with the keys of before still write.
 */
export function keepSecrets(secrets: SecretUpkeep, log: Log): Repeating {
  const keep = async () => {
    const ended = await secrets.dropEnded();
    const { resealed, unreadable } = await secrets.reseal();
    const line = { event: "secrets.kept", ended, resealed, unreadable };
    if (unreadable > 0) log.warn(line, "webhook secrets are sealed with a key that is not configured");
    else log.info(line, "webhook secrets are sealed with the current key");
  };
  return repeat(keep, EVERY_MS, (err) =>
    log.warn({ event: "secrets.failed", err }, "webhook secrets could not be looked after; it is tried again"),
  );
}
