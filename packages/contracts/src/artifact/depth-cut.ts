import type { StageOf } from "../one-task/messages.js";

/** Ways of removing whole blocks. */
export const depthMethodNames = ["trsp", "similarity", "last"] as const;
/** One of them. */
export type DepthMethodName = (typeof depthMethodNames)[number];

/** What `espalier depth` asks of the process that computes; every path is absolute. */
export interface DepthRequest {
  readonly modelPath: string;
  readonly corpusPath: string;
  /** Blocks to remove; null: the quarter of them, rounded. */
  readonly drop: number | null;
  /** Whose model is written. */
  readonly method: DepthMethodName;
  /** Folder to make. */
  readonly target: string;
  readonly calibrationWindows: number;
  readonly scoringWindows: number;
  readonly reportWindows: number;
  readonly sequenceLength: number;
  readonly training: DepthTrainingSettings;
  readonly seed: number;
  readonly threads: number;
  readonly provider: "cpu" | "webgpu" | "cuda";
}

/** Settings of the method `trsp`. */
export interface DepthTrainingSettings {
  /** Steps of learning what each block is worth. */
  readonly scale_steps: number;
  /** Steps of moving knowledge out of the blocks that leave. */
  readonly shift_steps: number;
  /** λ₁, the weight of Σ|scale|. */
  readonly scale_penalty: number;
  /** λ₂, the weight of what a leaving block still changes. */
  readonly change_penalty: number;
  readonly learning_rate: number;
  readonly rank: number;
}

/** A model without some of its blocks. */
export interface DepthResult {
  readonly method: DepthMethodName | "dense";
  /** Blocks that left, counted from 0. */
  readonly dropped: readonly number[];
  /** One per block, the lowest of which left; null where the place alone decided. */
  readonly scores: readonly number[] | null;
  readonly parameters: number;
  /** Null: infinite. */
  readonly report_perplexity: number | null;
  readonly seconds: number;
}

/** What `espalier depth` found: the dense model, then each method, on the same report text. */
export interface DepthOutcome {
  readonly results: readonly DepthResult[];
  readonly written: DepthMethodName;
}

/** How far it is. */
export type DepthProgress = StageOf<DepthMethodName | "export">;
