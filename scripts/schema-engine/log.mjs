import { writeSync } from "node:fs";

/** One log line as the native engine writes it: the command line reads errors from there. */
export function log(level, fields) {
  const line = { timestamp: new Date().toISOString(), level, fields, target: "schema_engine::logger" };
  writeSync(2, `${JSON.stringify(line)}\n`); // synchronous: the process may exit right after
}
