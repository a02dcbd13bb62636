import type { TextProtocol } from "@espalier/contracts";

/** The three texts of a job, in the order in which defaults are placed. */
export const splitNames = ["calibration", "scoring", "report"] as const;
export type SplitName = (typeof splitNames)[number];

/** One corpus of a split as a client asks for it. Paths are real (links resolved), so that equal files compare equal. */
export interface SourceRequest {
  readonly corpusPath: string;
  /** Windows (for calibration: samples); default per split, lowered when the corpus is too short for the default. */
  readonly windows?: number | undefined;
  /** Tokens of a window. Default 128. */
  readonly sequenceLength?: number | undefined;
  /** Default: behind what the sources before this one take of the same corpus. */
  readonly skipWindows?: number | undefined;
  /** Default `windows`. */
  readonly protocol?: TextProtocol | undefined;
  /** Weight among the sources of a split. Default 1. */
  readonly weight?: number | undefined;
}

/** Scoring and report default to parts of the (first) calibration corpus behind everything already taken from it. */
export interface SplitRequests {
  readonly calibration: SourceRequest | readonly SourceRequest[];
  readonly scoring?: SourceRequest | readonly SourceRequest[] | undefined;
  readonly report?: SourceRequest | readonly SourceRequest[] | undefined;
}

/** A source with everything filled in. */
export interface PlannedSource {
  readonly split: SplitName;
  /** JSON Pointer of the source in a job's body. */
  readonly pointer: string;
  readonly corpusPath: string;
  readonly sequenceLength: number;
  readonly skipWindows: number;
  readonly windows: number;
  readonly protocol: TextProtocol;
  readonly weight: number;
}

/** Windows of each split when the client names no number: the sizes of the published measurements. */
export const defaultWindows = { calibration: 256, scoring: 160, report: 96 } as const satisfies Record<
  SplitName,
  number
>;
export const DEFAULT_SEQUENCE_LENGTH = 128;
/** A split made smaller than this says nothing. */
export const MIN_DEFAULTED_WINDOWS = 8;
