import { z } from "zod";
import { serviceCheck } from "../http/health-view.js";
import { workerId } from "../ids.js";
import { instant } from "../job/job-view.js";

/** Kinds of work that workers take. */
export const workKinds = ["profile", "trial", "export", "webhook"] as const;
export type WorkKind = (typeof workKinds)[number];

const count = z.number().int().min(0);

export const queueView = z
  .strictObject({
    name: z.enum(workKinds),
    waiting: count.describe("Due, and held by no worker"),
    active: count.describe("Held by a worker"),
    delayed: count.describe("Due later: webhook messages between two attempts"),
    oldest_waiting_seconds: z
      .number()
      .min(0)
      .nullable()
      .describe("Since when the oldest that waits has been due; null when nothing waits"),
  })
  .describe("Open work of one kind, by the rows that say what is due");
export type QueueView = z.infer<typeof queueView>;

export const workerView = z.strictObject({
  id: workerId,
  version: z.string(),
  machine: z.string().describe("Processor, its count, system"),
  provider: z.string().describe("Execution provider of the runtime"),
  threads: count,
  concurrency: count.describe("Trials that it takes at once, at most"),
  in_hand: count.describe("Profiles, trials and exports that it works on"),
  started_at: instant,
  last_seen_at: instant,
  stale: z.boolean().describe("True when it has said nothing for 30 seconds; its work is given to others"),
});
export type WorkerView = z.infer<typeof workerView>;

/** What an operator looks at first. */
export const statusView = z
  .strictObject({
    version: z.string().describe("Version of the API that answers"),
    node: z.string(),
    started_at: instant,
    uptime_seconds: z.number().min(0),
    checks: z.strictObject({ postgres: serviceCheck, queue: serviceCheck, files: serviceCheck }),
    queues: z.array(queueView),
    workers: z.array(workerView).describe("Seen lately, the one heard of last first; at most 100"),
  })
  .meta({ id: "Status" });
export type StatusView = z.infer<typeof statusView>;
