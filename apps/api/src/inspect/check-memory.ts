import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { DEFAULT_MEMORY_BYTES, MAX_CLUSTERS, planMemory } from "@espalier/pruning";

/** Throws VALIDATION_FAILED with need and have at `/model/path` where no worker could take the model's statistics. */
export function checkMemory(
  { calibration }: JobSpec,
  shape: DecoderShape,
  memoryBytes: number = DEFAULT_MEMORY_BYTES,
): void {
  planMemory({
    shape,
    sequenceLength: calibration.sequence_length,
    memoryBytes,
    clusters: MAX_CLUSTERS,
    weightGradients: true,
  });
}
