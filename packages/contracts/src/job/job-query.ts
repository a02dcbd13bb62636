import { z } from "zod";
import { pageQuery } from "../http/page.js";
import { jobStates } from "./states.js";

export const jobQuery = pageQuery.extend({
  state: z.enum(jobStates).optional(),
  label: z
    .string()
    .max(321)
    .regex(/^[^:]+:.*$/)
    .optional()
    .describe("`key:value`"),
  sort: z.enum(["created_at", "-created_at"]).default("-created_at"),
});
export type JobQuery = z.infer<typeof jobQuery>;
