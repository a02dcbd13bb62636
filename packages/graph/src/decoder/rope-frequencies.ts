import type { DecoderShape, RopeScaling } from "@espalier/contracts";

/** Angle per position of each pair of the rotary embedding, [headDim/2]: θ^(−2i/d), stretched as the shape says. */
export function ropeFrequencies(shape: Pick<DecoderShape, "headDim" | "ropeTheta" | "ropeScaling">): readonly number[] {
  const { headDim, ropeTheta, ropeScaling } = shape;
  const half = headDim / 2;
  const plain = Array.from({ length: half }, (_, pair) => ropeTheta ** (-pair / half));
  return ropeScaling === undefined ? plain : plain.map((frequency) => scaled(frequency, ropeScaling));
}

/**
 * `linear` divides every frequency. `llama3` leaves those whose wave is short against the context of the first training,
 * divides those whose wave is long, and passes from one to the other in between (Llama 3.1; transformers'
 * `_compute_llama3_parameters`).
 */
function scaled(frequency: number, scaling: RopeScaling): number {
  if (scaling.type === "linear") return frequency / scaling.factor;
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions } = scaling;
  const waves = (originalMaxPositions * frequency) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (waves - low) / (high - low)));
  return kept * frequency + (1 - kept) * (frequency / factor);
}
