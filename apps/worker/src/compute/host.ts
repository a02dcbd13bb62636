import type { JobId } from "@espalier/contracts";
import type {
  ComputeContext,
  ComputePort,
  FinishedPiece,
  MeasuredRate,
  ComputeTask as PortTask,
} from "@espalier/pipeline";
import { throttled } from "../throttled.js";
import { type ComputeChild, forkComputeChild } from "./child-process.js";
import type { ComputeResults, ComputeSettings, JobComputeTask, JobTask } from "./messages.js";

export interface ComputeHostOptions {
  /** Built module that children run: `new URL("./compute/child.js", import.meta.url)` in the composition root. */
  readonly entry: URL;
  readonly settings: ComputeSettings;
  /** Children at once. */
  readonly concurrency: number;
  /** A child that holds more than this after a task is replaced: arenas keep their peak. */
  readonly rssLimitBytes: number;
  readonly killGraceMs?: number;
  readonly onStderr?: (text: string) => void;
  /** A part of a job's task is done and took that long. */
  readonly onMeasured?: (jobId: string, piece: FinishedPiece) => void;
  /** Brings statistics to this machine that another one keeps, if there are any; never rejects. */
  readonly fetchStatistics?: (key: string, signal: AbortSignal) => Promise<void>;
  /** Folder that the export of this job becomes, and those that one asked for after the search become. */
  readonly artifactDir: (jobId: JobId) => string;
  readonly exportDir: (jobId: JobId, name: string) => string;
}

export interface ComputeHost extends ComputePort {
  /** How fast this machine computes; undefined while it is busy with something else. */
  calibrate(signal: AbortSignal): Promise<readonly MeasuredRate[] | undefined>;
  /** Process ids of the children that live. */
  pids(): readonly number[];
  /** Kills all children; what they work on rejects. */
  close(): Promise<void>;
}

interface Seat {
  child: ComputeChild | undefined;
  /** Job whose statistics and session the child keeps open. */
  lastJob: string | undefined;
}

/**
 * Compute in forked children, which stay warm between the tasks of a job. A task waits for a free child; one that has
 * the job open is preferred.
 */
export function openComputeHost(options: ComputeHostOptions): ComputeHost {
  const free: Seat[] = Array.from({ length: options.concurrency }, () => ({ child: undefined, lastJob: undefined }));
  const seats = [...free];
  const waiting: ((seat: Seat) => void)[] = [];

  async function take(jobId: string): Promise<Seat> {
    const warm = free.findIndex((seat) => seat.lastJob === jobId && seat.child?.alive === true);
    const [seat] = free.splice(Math.max(warm, 0), 1);
    return seat ?? new Promise((resolve) => waiting.push(resolve));
  }

  async function giveBack(seat: Seat): Promise<void> {
    const { child } = seat;
    if (child?.alive && child.rssBytes > options.rssLimitBytes) await child.kill();
    const next = waiting.shift();
    if (next === undefined) free.push(seat);
    else next(seat);
  }

  async function run<K extends JobComputeTask["kind"]>(
    task: Extract<JobComputeTask, { kind: K }>,
    { signal, onProgress }: ComputeContext,
  ): Promise<ComputeResults[K]> {
    const { jobId } = task.job;
    const seat = await take(jobId);
    try {
      if (!seat.child?.alive) seat.child = forkComputeChild(options);
      seat.lastJob = jobId;
      return await seat.child.run<K>(task, signal, onProgress && throttled(onProgress));
    } finally {
      await giveBack(seat);
    }
  }

  async function calibrate(signal: AbortSignal): Promise<readonly MeasuredRate[] | undefined> {
    if (free.length < seats.length) return undefined;
    const [seat] = free.splice(0, 1);
    if (seat === undefined) return undefined;
    try {
      if (!seat.child?.alive) seat.child = forkComputeChild(options);
      return await seat.child.run<"calibrate">({ kind: "calibrate" }, signal);
    } finally {
      await giveBack(seat);
    }
  }

  return {
    calibrate,
    profile: (task, context) => run<"profile">({ kind: "profile", job: jobOf(task) }, context),
    score: (task, candidate, context) => run<"score">({ kind: "score", job: jobOf(task), candidate }, context),
    build: (task, request, context) => {
      const { jobId } = task;
      const { later } = request;
      const target = later === undefined ? options.artifactDir(jobId) : options.exportDir(jobId, later.name);
      return run<"build">({ kind: "build", job: jobOf(task), ...request, target }, context);
    },
    pids: () => seats.flatMap(({ child }) => (child?.alive && child.pid !== undefined ? [child.pid] : [])),
    close: async () => {
      await Promise.all(seats.map(({ child }) => child?.kill()));
    },
  };
}

const jobOf = ({ jobId, spec, halfBatch = false }: PortTask): JobTask => ({ jobId, spec, halfBatch });
