import { z } from "zod";
import { pageQuery } from "../http/page.js";
import { jobStates } from "./states.js";

/** What jobs can be sorted by. */
export const jobSortKeys = ["created_at", "-created_at", "finished_at", "-finished_at"] as const;

const instant = z.iso.datetime({ offset: true }).max(64).optional();

export const jobQuery = pageQuery.extend({
  state: z.enum(jobStates).optional(),
  label: z
    .string()
    .max(321)
    .regex(/^[^:]+:.*$/)
    .optional()
    .describe("`key:value`"),
  model: z.string().min(1).max(1024).optional().describe("`path` of the model, as in the job's body"),
  hub: z.string().min(1).max(200).optional().describe("`hub` of the model, as in the job's body; any revision"),
  created_from: instant.describe("Created at this time (RFC 3339) or later"),
  created_before: instant.describe("Created before this time (RFC 3339)"),
  sort: z
    .enum(jobSortKeys)
    .default("-created_at")
    .describe("A leading minus sorts descending; jobs that have not ended come last by `finished_at`"),
});
export type JobQuery = z.infer<typeof jobQuery>;
