import { z } from "zod";

/** Answer of a probe. The service works without its queue for a while: rows are the truth, messages follow. */
export const healthView = z
  .strictObject({
    status: z.enum(["ok", "unavailable"]),
    checks: z.record(z.string(), z.enum(["ok", "unavailable"])),
  })
  .meta({ id: "Health" });
export type HealthView = z.infer<typeof healthView>;

export const versionView = z
  .strictObject({ name: z.literal("espalier"), version: z.string(), node: z.string() })
  .meta({ id: "Version" });
export type VersionView = z.infer<typeof versionView>;
