import { join } from "node:path";
import { hubEnvironment } from "@espalier/contracts";

/**
 * Variables of the hub for a process that this one starts: those of the environment, else an open hub that keeps its models
 * where `espalier up` on this data folder finds them.
 */
export function hubVariables(dataDir: string): Record<string, string> {
  const set = hubEnvironment.flatMap((name) => {
    const value = process.env[name];
    return value ? [[name, value] as const] : [];
  });
  return { ESPALIER_HUB: "true", ESPALIER_HUB_DIR: join(dataDir, "hub"), ...Object.fromEntries(set) };
}
