/** A tensor's name in the decoder, where all experts of a layer share one matrix of each kind. */
export interface DecoderName {
  readonly name: string;
  /** The expert whose rows (of `down_proj`: columns) the tensor holds; undefined for a tensor that is no expert's. */
  readonly expert?: number;
}

/** Mixtral's names and Qwen's for the same three matrices. */
const PROJECTIONS: Readonly<Record<string, string>> = { w1: "gate_proj", w2: "down_proj", w3: "up_proj" };

const EXPERT =
  /^(model\.layers\.\d+)\.(?:block_sparse_moe|mlp)\.experts\.(\d+)\.(w[123]|gate_proj|up_proj|down_proj)\.weight$/;
const ROUTER = /^(model\.layers\.\d+)\.block_sparse_moe\.gate\.weight$/;

/** What a Hugging Face tensor is to the decoder: itself, but for experts and their routers. */
export function decoderName(tensor: string): DecoderName {
  const [, prefix, expert, projection] = EXPERT.exec(tensor) ?? [];
  if (prefix !== undefined && projection !== undefined) {
    return { name: `${prefix}.mlp.${PROJECTIONS[projection] ?? projection}.weight`, expert: Number(expert) };
  }
  return { name: tensor.replace(ROUTER, "$1.mlp.gate.weight") };
}

/** The same tensor of another expert. */
export const ofExpert = (tensor: string, expert: number): string =>
  tensor.replace(/\.experts\.\d+\./, `.experts.${expert}.`);
