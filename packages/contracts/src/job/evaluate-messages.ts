import type { StageOf } from "../one-task/messages.js";
import type { EvaluationTaskName } from "./evaluation.js";
import type { TaskResult } from "./task-result.js";
import type { TextProtocol } from "./text-source.js";

/** What an evaluation without a service is told; every path is absolute. */
export interface EvaluateRequest {
  /** Model folders, each measured alike. */
  readonly models: readonly string[];
  readonly tasks: readonly {
    readonly path: string;
    readonly task?: EvaluationTaskName;
    readonly limit?: number;
  }[];
  /** BOS before every prompt. */
  readonly addBos: boolean;
  readonly perplexity: readonly PerplexityRequest[];
  /** Undefined: nothing is timed. */
  readonly latency?: LatencyRequest;
  readonly threads: number;
  readonly provider: "cpu" | "webgpu" | "cuda";
}

export interface PerplexityRequest {
  readonly path: string;
  readonly protocol: TextProtocol;
  readonly sequenceLength: number;
  /** Undefined: all that the text has. */
  readonly windows?: number;
}

export interface LatencyRequest {
  /** Tokens of the prompt. */
  readonly tokens: number;
  /** Timed runs of each model. */
  readonly rounds: number;
}

/** A perplexity with how it was taken: exp(total NLL ÷ predicted tokens). */
export interface PerplexityResult {
  readonly file: string;
  readonly protocol: TextProtocol;
  readonly sequence_length: number;
  readonly windows: number;
  readonly predicted_tokens: number;
  /** Null where it is not finite. */
  readonly value: number | null;
  /** 95 % bootstrap interval over windows. */
  readonly interval: readonly [number, number] | null;
}

/** How long a prompt takes, and what the process needs at most. */
export interface LatencyResult {
  readonly prompt_tokens: number;
  readonly rounds: number;
  readonly provider: string;
  readonly threads: number;
  /** Median of a run, and its 95 % bootstrap interval. */
  readonly prefill_seconds: number;
  readonly prefill_interval: readonly [number, number];
  /** Largest resident memory of a process that runs nothing else. */
  readonly peak_rss_bytes: number;
  /** Median of the rounds' ratios to the first model, and its interval; null for that model itself. */
  readonly ratio: number | null;
  readonly ratio_interval: readonly [number, number] | null;
}

export interface EvaluatedFolder {
  /** Name of the folder. */
  readonly model: string;
  readonly parameters: number;
  readonly tasks: readonly TaskResult[];
  readonly perplexity: readonly PerplexityResult[];
  readonly latency: LatencyResult | null;
}

export interface EvaluateOutcome {
  readonly models: readonly EvaluatedFolder[];
}

export type EvaluateProgress = StageOf<"tasks" | "perplexity" | "latency">;
