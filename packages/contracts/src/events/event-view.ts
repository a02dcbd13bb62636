import { z } from "zod";
import { instant } from "../job/job-view.js";

export const jobEventTypes = [
  "job.queued",
  "job.started",
  "job.progress",
  "job.searching",
  "job.exporting",
  "job.pareto_updated",
  "job.succeeded",
  "job.failed",
  "job.cancelled",
  "trial.settled",
  "trial.superseded",
  "artifact.ready",
] as const;

export const eventView = z
  .strictObject({
    sequence: z.number().int().min(1).describe("Contiguous per job"),
    type: z.enum(jobEventTypes),
    timestamp: instant,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });
export type EventView = z.infer<typeof eventView>;
export type JobEventType = (typeof jobEventTypes)[number];

/** Events of a job from one point on; the largest sequence number is the next call's `after`. */
export const eventList = z.strictObject({ data: z.array(eventView), has_more: z.boolean() });
