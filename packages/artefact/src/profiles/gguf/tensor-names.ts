/** Names of what stands once in a model. */
const single = {
  "model.embed_tokens": "token_embd",
  "model.norm": "output_norm",
  lm_head: "output",
} as const;

/** Names within a block. */
const inBlock = {
  input_layernorm: "attn_norm",
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  "self_attn.q_norm": "attn_q_norm",
  "self_attn.k_norm": "attn_k_norm",
  post_attention_layernorm: "ffn_norm",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
} as const;

const back = (names: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(names).map(([ours, theirs]) => [theirs, ours]));
const [singleBack, inBlockBack] = [back(single), back(inBlock)];

/** llama.cpp's name of a Hugging Face tensor, `blk.3.attn_q.weight`. Throws RangeError for one that it has no place for. */
export function ggufName(name: string): string {
  const [, block, part, kind] = /^(?:model\.layers\.(\d+)\.)?(.+)\.(weight|bias)$/.exec(name) ?? [];
  const theirs = new Map(Object.entries(block === undefined ? single : inBlock)).get(part ?? "");
  if (theirs === undefined) throw new RangeError(`llama.cpp has no name for the tensor '${name}'`);
  return `${block === undefined ? "" : `blk.${block}.`}${theirs}.${kind}`;
}

/** The way back. */
export function huggingFaceName(name: string): string {
  const [, block, part, kind] = /^(?:blk\.(\d+)\.)?(.+)\.(weight|bias)$/.exec(name) ?? [];
  const ours = (block === undefined ? singleBack : inBlockBack).get(part ?? "");
  if (ours === undefined) throw new RangeError(`'${name}' is no tensor that we write`);
  return `${block === undefined ? "" : `model.layers.${block}.`}${ours}.${kind}`;
}
