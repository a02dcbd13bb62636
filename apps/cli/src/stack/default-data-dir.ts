import { homedir } from "node:os";
import { join } from "node:path";

/** `$XDG_DATA_HOME/espalier`, by default below the home folder. */
export const defaultDataDir = (): string =>
  join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "espalier");
