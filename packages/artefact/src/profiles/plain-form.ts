import { AppError, type DecoderShape, type ProjectionName } from "@espalier/contracts";
import { type FamilyName, familyKeys } from "@espalier/model";
import { padModel } from "../slice/pad-model.js";
import type { SlicedModel } from "../slice/sliced-model.js";

/** A model that a plain config of a family says, and the keys that say it. */
export interface PlainForm {
  readonly model: SlicedModel;
  /** The keys beside the widths; another family than the source's names itself. */
  readonly keys: Readonly<Record<string, unknown>>;
}

const attention: readonly ProjectionName[] = ["q_proj", "k_proj", "v_proj", "o_proj"];
const mlp: readonly ProjectionName[] = ["gate_proj", "up_proj", "down_proj"];

/**
 * A model in the words of its own family, or of Llama, whose switches for biases serve a Qwen2 or a Mistral that a
 * compensation gave some. These switches cover a sub-block: its other projections get biases of zeros. Throws AppError
 * VALIDATION_FAILED where neither has words.
 */
export function plainForm(sliced: SlicedModel): PlainForm {
  const { family, biases } = plainWords(sliced);
  const model = { ...withBiases(sliced, biases), family };
  const keys = familyKeys(family, model.shape) ?? {};
  return { model, keys: family === sliced.family ? keys : { ...keys, ...asLlama } };
}

interface PlainWords {
  readonly family: FamilyName;
  /** Projections that have a bias in these words. */
  readonly biases: readonly ProjectionName[];
}

/** The first words that say a shape. Throws AppError VALIDATION_FAILED where there are none. */
export function plainWords({ family, shape }: Pick<SlicedModel, "family" | "shape">): PlainWords {
  const own = shape.biases ?? [];
  const filled = filledBiases(own);
  const words: readonly PlainWords[] = [
    { family, biases: own },
    { family, biases: filled },
    { family: "llama", biases: filled },
  ];
  const found = words.find((each) => familyKeys(each.family, { ...shape, biases: each.biases }) !== undefined);
  if (found !== undefined) return found;
  throw new AppError(
    "VALIDATION_FAILED",
    `A plain '${family}' has no keys for this model: biases of the compensation 'bias', or experts in some layers only. Choose the profile 'native', or another compensation.`,
    { errors: [{ detail: `'${family}' has no keys for this model`, pointer: "/export/profiles" }] },
  );
}

const asLlama = { model_type: "llama", architectures: ["LlamaForCausalLM"] };

/** All projections of every sub-block that has a bias. */
const filledBiases = (biases: readonly ProjectionName[]): readonly ProjectionName[] =>
  [attention, mlp].flatMap((block) => (block.some((name) => biases.includes(name)) ? block : []));

/** The same function with zeros for the biases that are not there yet. */
function withBiases(sliced: SlicedModel, biases: readonly ProjectionName[]): SlicedModel {
  const { biases: before = [], ...rest } = sliced.shape;
  if (biases.length === before.length) return sliced;
  const shape: DecoderShape = { ...rest, biases };
  return padModel({ ...sliced, shape }, shape.layers);
}
