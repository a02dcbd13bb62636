import { homedir } from "node:os";
import { join } from "node:path";

/**
 * `$XDG_DATA_HOME/espalier`, by default below the home folder; for root `/var/lib/espalier`,
 * because root's Postgres runs as another account, which cannot reach into root's home.
 */
export function defaultDataDir(): string {
  const shared = process.env["XDG_DATA_HOME"];
  if (shared !== undefined && shared !== "") return join(shared, "espalier");
  return process.getuid?.() === 0 ? "/var/lib/espalier" : join(homedir(), ".local", "share", "espalier");
}
