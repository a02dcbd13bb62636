import type { DecoderShape } from "@espalier/contracts";
import { ropeFrequencies } from "@espalier/graph";
import type { GgufTensor } from "../../gguf/write-gguf.js";

const NAME = "rope_freqs.weight";

/** Whether a tensor of a file is the one of {@link frequencyTensor}. */
export const isFrequencies = (name: string): boolean => name === NAME;

/** What llama.cpp divides each frequency of the rotary embedding by, [headDim/2]: `llama3` scaling is said so. */
export function frequencyTensor(shape: DecoderShape): readonly GgufTensor[] {
  if (shape.ropeScaling?.type !== "llama3") return [];
  const divisors = frequencyDivisors(shape);
  return [{ name: NAME, shape: [divisors.length], type: "F32", data: () => divisors }];
}

function frequencyDivisors(shape: DecoderShape): Float32Array {
  const { ropeScaling: _, ...plain } = shape;
  const scaled = ropeFrequencies(shape);
  return Float32Array.from(ropeFrequencies(plain), (frequency, pair) => frequency / scaled[pair]);
}

/**
 * The scaling of a model read back. Divisors do not tell the numbers that they were made of, so those of the written model
 * are taken once the file's divisors are found to be theirs. Throws RangeError where they are not.
 */
export function scalingOf(
  divisors: Float32Array | undefined,
  written: DecoderShape,
): Pick<DecoderShape, "ropeScaling"> {
  const expected = written.ropeScaling?.type === "llama3" ? frequencyDivisors(written) : undefined;
  if (divisors === undefined && expected === undefined) return {};
  const same =
    divisors?.length === expected?.length && divisors?.every((divisor, pair) => divisor === expected?.[pair]);
  if (!same || written.ropeScaling === undefined) {
    throw new RangeError(`'${NAME}' holds other divisors than llama3 scaling gives`);
  }
  return { ropeScaling: written.ropeScaling };
}
