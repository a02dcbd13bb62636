import type { HealthView } from "@espalier/contracts";
import type { ApiDeps } from "../deps.js";

type Check = HealthView["checks"][string];

/** Whether something answers. */
export const answersOf = (ping: () => Promise<void>): Promise<Check> =>
  ping().then(
    () => "ok" as const,
    () => "unavailable" as const,
  );

/** Whether each thing behind the service answers. */
export async function runChecks(pings: ApiDeps["pings"]): Promise<Record<keyof ApiDeps["pings"], Check>> {
  const [postgres, queue, files] = await Promise.all([
    answersOf(pings.postgres),
    answersOf(pings.queue),
    answersOf(pings.files),
  ]);
  return { postgres, queue, files };
}
