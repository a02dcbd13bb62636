import { z } from "zod";
import { instant } from "../job/job-view.js";

export const jobEventTypes = [
  "job.queued",
  "job.started",
  "job.progress",
  "job.searching",
  "job.paused",
  "job.resumed",
  "job.exporting",
  "job.pareto_updated",
  "job.succeeded",
  "job.failed",
  "job.cancelled",
  "trial.settled",
  "trial.superseded",
  "artifact.ready",
  "artifact.failed",
] as const;

export const eventView = z
  .strictObject({
    sequence: z.number().int().min(1).describe("Contiguous per job"),
    type: z
      .enum(jobEventTypes)
      .describe(
        "`job.progress` comes at most once a minute. `job.pareto_updated` comes with the trial that changed the front, or with later changes once ten seconds have passed since the last one, at the latest when the search pauses or ends; `data` says how many `points` the front has and how many `changes` this event tells",
      ),
    timestamp: instant,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });
export type EventView = z.infer<typeof eventView>;
export type JobEventType = (typeof jobEventTypes)[number];

/** Events of a job from one point on; the largest sequence number is the next call's `after`. */
export const eventList = z.strictObject({ data: z.array(eventView), has_more: z.boolean() });
