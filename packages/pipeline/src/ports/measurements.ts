import type { JobId, JobSpec } from "@espalier/contracts";

/** Multiplications and additions, by what does them. */
export interface Operations {
  /** Forward passes in the graph runtime. */
  readonly forward: number;
  /** Forward and backward passes in the graph runtime. */
  readonly gradients: number;
  /** Dense linear algebra in float64. */
  readonly algebra: number;
}

/** Steps whose durations are remembered; trials that race stop early, so they are apart. */
export type WorkStep = "profile" | "baselines" | "trial" | "raced_trial" | "refinement" | "raced_refinement" | "export";

/** What a job costs, counted from its model's shape. */
export interface JobCost {
  /** Operations of a forward pass of the dense model per token: how large the model is. */
  readonly scale: number;
  readonly profile: Operations;
  readonly baselines: Operations;
  readonly trial: Operations;
  readonly refinement: Operations;
  readonly export: Operations;
  readonly trials: { readonly sampled: number; readonly refined: number };
  readonly memoryBytes: number;
}

/** How fast one kind of operation went, on a model of that scale. */
export interface MeasuredRate {
  readonly kind: keyof Operations;
  readonly scale: number;
  readonly operations: number;
  readonly seconds: number;
}

/** A finished piece of a job. */
export interface FinishedPiece {
  readonly step: WorkStep;
  readonly scale: number;
  readonly operations: Operations;
  readonly seconds: number;
}

/** All pieces of one step that one job left. */
export interface FinishedWork extends FinishedPiece {
  readonly pieces: number;
}

/** A kind of worker: everything here decides how fast it computes, or what fits. */
export interface DeviceKind {
  /** Processor, its count, system. */
  readonly machine: string;
  readonly provider: string;
  readonly threads: number;
  /** Compute children of one worker. */
  readonly concurrency: number;
  readonly memoryBytes: number;
  readonly versions: string;
}

/** What is known of a kind of worker. */
export interface MeasuredDevice extends DeviceKind {
  readonly rates: readonly MeasuredRate[];
  readonly finished: readonly FinishedWork[];
}

/** How fast the workers of this service are. Written by workers, best effort; read for estimates. */
export interface MeasurementStore {
  /** Notes that such a worker is there; true when its rates are known. */
  seen(device: DeviceKind): Promise<boolean>;
  rate(device: DeviceKind, rates: readonly MeasuredRate[]): Promise<void>;
  /** Adds a piece to what is known of a job's step on this device. */
  finished(device: DeviceKind, subject: JobId, piece: FinishedPiece): Promise<void>;
  /** Kinds of workers that were there within the last day; else the one that was there last. */
  devices(): Promise<readonly MeasuredDevice[]>;
  /** Whether another job has left the statistics of this model and calibration text. */
  hasStatistics(spec: JobSpec): Promise<boolean>;
}
