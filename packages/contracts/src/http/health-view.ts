import { z } from "zod";

/** Whether something behind the service answers. */
export const serviceCheck = z.enum(["ok", "unavailable"]);

/** Answer of a probe. The service works without its queue for a while: rows are the truth, messages follow. */
export const healthView = z
  .strictObject({
    status: serviceCheck,
    checks: z.record(z.string(), serviceCheck),
  })
  .meta({ id: "Health" });
export type HealthView = z.infer<typeof healthView>;

export const versionView = z
  .strictObject({ name: z.literal("espalier"), version: z.string(), node: z.string() })
  .meta({ id: "Version" });
export type VersionView = z.infer<typeof versionView>;
