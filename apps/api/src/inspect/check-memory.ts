import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { checkJobMemory, DEFAULT_MEMORY_BYTES, type ProfileMode } from "@espalier/pruning";

/** What workers allow a job. */
export interface MemorySettings {
  /** Bytes of numbers of one compute process; default theirs. */
  readonly memoryBytes?: number | undefined;
  /** How they compute statistics; default "auto". */
  readonly profileMode?: ProfileMode | undefined;
}

/** Throws VALIDATION_FAILED with need and have at `/model/path` where no worker could take the model. */
export function checkMemory(
  { calibration }: JobSpec,
  shape: DecoderShape,
  { memoryBytes = DEFAULT_MEMORY_BYTES, profileMode }: MemorySettings,
): void {
  const sequenceLength = calibration.sequence_length;
  checkJobMemory({ shape, sequenceLength, memoryBytes, weightGradients: true }, profileMode);
}
