import type { Job, JobsOptions } from "bullmq";

/** The part of BullMQ's Queue that we use; both backends have it. */
export interface MessageQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  getJobCounts(...types: readonly ("waiting" | "active" | "delayed")[]): Promise<Record<string, number>>;
  on(event: "error", listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** The part of BullMQ's Worker that we use. */
export interface MessageWorker {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "failed", listener: (job: Job | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
}

export type Processor = (job: Job) => Promise<void>;

/** One place that messages travel through. */
export interface Backend {
  readonly kind: "redis" | "postgres";
  makeQueue(name: string): MessageQueue;
  makeWorker(name: string, processor: Processor, concurrency: number): MessageWorker;
  close(): Promise<void>;
}

/**
 * A killed worker's message is free after its lock and the next check: 15 s and 5 s, well within the time in which its
 * lease has to be taken over. BullMQ counts such recoveries and would drop a message after them; a message is harmless,
 * so it may be recovered often.
 */
export const workerTimes = { lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 1_000 } as const;
