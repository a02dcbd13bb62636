/**
 * A decoder as transformers computes it, written from its documentation and the modelling code's formulas with plain loops
 * in float64. It reads `config.json` and Hugging Face tensor names and shares nothing with the product: what the product's
 * graphs are checked against.
 */

/** Numbers of `config.json`, as the families' classes in transformers name them. */
export interface PlainConfig {
  readonly model_type: "llama" | "mistral" | "mixtral" | "qwen2" | "qwen3" | "qwen3_moe";
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly tie_word_embeddings: boolean;
  readonly rope_scaling?: PlainRopeScaling;
  readonly sliding_window?: number | null;
  readonly use_sliding_window?: boolean;
  readonly max_window_layers?: number;
  readonly layer_types?: readonly string[];
  readonly num_experts_per_tok?: number;
  readonly norm_topk_prob?: boolean;
}

export type PlainRopeScaling =
  | { readonly rope_type: "linear"; readonly factor: number }
  | {
      readonly rope_type: "llama3";
      readonly factor: number;
      readonly low_freq_factor: number;
      readonly high_freq_factor: number;
      readonly original_max_position_embeddings: number;
    };

/** Units that are there, per layer: query heads and MLP channels or experts. A sub-block without any adds nothing at all. */
export interface PlainKept {
  readonly heads: readonly number[];
  readonly channels: readonly number[];
}

type Tensors = ReadonlyMap<string, ArrayLike<number>>;
type Vector = number[];

/** −log p(token t+1 given tokens ≤ t) of one row of ids. */
export function plainLosses(
  config: PlainConfig,
  tensors: Tensors,
  ids: readonly number[],
  kept?: readonly PlainKept[],
): number[] {
  const tensor = (name: string): ArrayLike<number> => {
    const found = tensors.get(name);
    if (found === undefined) throw new RangeError(`no tensor '${name}'`);
    return found;
  };
  const size = config.hidden_size;
  const embedding = tensor("model.embed_tokens.weight");
  let states: Vector[] = ids.map((id) => Array.from({ length: size }, (_, i) => embedding[id * size + i]));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const { heads, channels } = kept?.[layer] ?? { heads: undefined, channels: undefined };
    if (heads === undefined || heads.length > 0) {
      const changes = attention(config, tensors, layer, normed(config, states, `${at(layer)}.input_layernorm`), heads);
      states = states.map((state, t) => state.map((x, i) => x + changes[t][i]));
    }
    if (channels === undefined || channels.length > 0) {
      const inputs = normed(config, states, `${at(layer)}.post_attention_layernorm`);
      const changes = inputs.map((x) => mlp(config, tensors, layer, x, channels));
      states = states.map((state, t) => state.map((x, i) => x + changes[t][i]));
    }
  }
  const finals = normed(config, states, "model.norm");
  const head = config.tie_word_embeddings ? embedding : tensor("lm_head.weight");
  return ids.slice(1).map((next, t) => {
    const logits = product(head, finals[t]);
    const largest = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
    return Math.log(total) + largest - logits[next];
  });

  function normed({ rms_norm_eps: epsilon }: PlainConfig, rows: readonly Vector[], name: string): Vector[] {
    return rows.map((row) => rmsNorm(row, tensor(`${name}.weight`), epsilon));
  }
}

const at = (layer: number): string => `model.layers.${layer}`;

/** W x for a row-major W [outputs, inputs]. */
function product(matrix: ArrayLike<number>, x: readonly number[]): Vector {
  return Array.from({ length: matrix.length / x.length }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += matrix[row * x.length + i] * x[i];
    return sum;
  });
}

/** W x + b, where there is a b. */
function linear(tensors: Tensors, name: string, x: readonly number[]): Vector {
  const weight = tensors.get(`${name}.weight`);
  if (weight === undefined) throw new RangeError(`no tensor '${name}.weight'`);
  const bias = tensors.get(`${name}.bias`);
  return product(weight, x).map((y, i) => y + (bias?.[i] ?? 0));
}

function rmsNorm(x: readonly number[], weight: ArrayLike<number>, epsilon: number): Vector {
  const mean = x.reduce((sum, value) => sum + value * value, 0) / x.length;
  return x.map((value, i) => (value / Math.sqrt(mean + epsilon)) * weight[i]);
}

function mlp(
  config: PlainConfig,
  tensors: Tensors,
  layer: number,
  x: readonly number[],
  kept?: readonly number[],
): Vector {
  const block = `${at(layer)}.${config.model_type === "mixtral" ? "block_sparse_moe" : "mlp"}`;
  if (tensors.has(`${block}.gate.weight`)) return experts(config, tensors, block, x, kept);
  return swiGlu(
    tensors,
    ["gate_proj", "up_proj", "down_proj"].map((name) => `${block}.${name}`),
    x,
    kept,
  );
}

/** Gate, up and down, of which some channels may be gone. */
function swiGlu(
  tensors: Tensors,
  [gateName, upName, downName]: readonly string[],
  x: readonly number[],
  kept?: readonly number[],
): Vector {
  const up = linear(tensors, upName, x);
  const gate = linear(tensors, gateName, x);
  const channels = gate.map((z, f) => (kept?.includes(f) === false ? 0 : (z / (1 + Math.exp(-z))) * up[f]));
  return linear(tensors, downName, channels);
}

/**
 * The experts of largest share among those that are there, added by their shares: Mixtral scales the shares of a token's
 * experts to sum 1, Qwen by a switch. A router without rows for what is gone gives the same.
 */
function experts(
  config: PlainConfig,
  tensors: Tensors,
  block: string,
  x: readonly number[],
  kept?: readonly number[],
): Vector {
  const logits = linear(tensors, `${block}.gate`, x);
  const there = [...logits.keys()].filter((e) => kept?.includes(e) !== false);
  const powers = there.map((e) => Math.exp(logits[e]));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const chosen = there
    .map((expert, i) => ({ expert, share: powers[i] / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, config.num_experts_per_tok);
  const normalised = config.model_type === "mixtral" || config.norm_topk_prob === true;
  const sum = normalised ? chosen.reduce((all, { share }) => all + share, 0) : 1;
  const names = config.model_type === "mixtral" ? ["w1", "w3", "w2"] : ["gate_proj", "up_proj", "down_proj"];
  const outputs = chosen.map(({ expert, share }) =>
    swiGlu(
      tensors,
      names.map((name) => `${block}.experts.${expert}.${name}`),
      x,
    ).map((y) => (y * share) / sum),
  );
  return x.map((_, i) => outputs.reduce((all, output) => all + output[i], 0));
}

function attention(
  config: PlainConfig,
  tensors: Tensors,
  layer: number,
  inputs: readonly Vector[],
  kept?: readonly number[],
): Vector[] {
  const { head_dim: d, num_attention_heads: heads, num_key_value_heads: kvHeads } = config;
  const name = `${at(layer)}.self_attn`;
  const window = slidingWindow(config, layer);
  const queries = inputs.map((x, t) =>
    positioned(config, tensors, `${name}.q`, linear(tensors, `${name}.q_proj`, x), t),
  );
  const keys = inputs.map((x, t) => positioned(config, tensors, `${name}.k`, linear(tensors, `${name}.k_proj`, x), t));
  const values = inputs.map((x) => linear(tensors, `${name}.v_proj`, x));
  return inputs.map((_, t) => {
    const joined: Vector = [];
    for (let head = 0; head < heads; head++) {
      const group = Math.floor(head / (heads / kvHeads));
      const scores: number[] = [];
      const seen: number[] = [];
      for (let s = 0; s <= t; s++) {
        if (window !== null && s <= t - window) continue;
        let score = 0;
        for (let i = 0; i < d; i++) score += queries[t][head * d + i] * keys[s][group * d + i];
        scores.push(score / Math.sqrt(d));
        seen.push(s);
      }
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let i = 0; i < d; i++) {
        let value = 0;
        for (const [place, s] of seen.entries()) value += (weights[place] / total) * values[s][group * d + i];
        joined.push(kept?.includes(head) === false ? 0 : value);
      }
    }
    return linear(tensors, `${name}.o_proj`, joined);
  });
}

/** Mistral: all layers. Qwen: those that `layer_types` names, else those from `max_window_layers` on, if switched on. */
function slidingWindow(config: PlainConfig, layer: number): number | null {
  const window = config.sliding_window ?? null;
  if (config.model_type === "mistral" || config.model_type === "mixtral") return window;
  if (config.model_type === "llama" || config.use_sliding_window !== true) return null;
  if (config.layer_types !== undefined) return config.layer_types[layer] === "sliding_attention" ? window : null;
  return layer >= (config.max_window_layers ?? 28) ? window : null;
}

/** Heads after the norm of Qwen3 and the rotation by their position: (a, b) of element i and i + d/2 turn by the angle. */
function positioned(config: PlainConfig, tensors: Tensors, name: string, rows: readonly number[], t: number): Vector {
  const d = config.head_dim;
  const out: Vector = [];
  for (let head = 0; head < rows.length / d; head++) {
    let x = rows.slice(head * d, (head + 1) * d);
    const norm = tensors.get(`${name}_norm.weight`);
    if (config.model_type === "qwen3" || config.model_type === "qwen3_moe") {
      if (norm === undefined) throw new RangeError(`no tensor '${name}_norm.weight'`);
      x = rmsNorm(x, norm, config.rms_norm_eps);
    }
    for (let i = 0; i < d; i++) {
      const pair = i % (d / 2);
      const angle = t * frequency(config, pair);
      const other = i < d / 2 ? -x[i + d / 2] : x[i - d / 2];
      out.push(x[i] * Math.cos(angle) + other * Math.sin(angle));
    }
  }
  return out;
}

/** `inv_freq` of transformers' `modeling_rope_utils`. */
function frequency({ rope_theta: theta, head_dim: d, rope_scaling: scaling }: PlainConfig, pair: number): number {
  const plain = 1 / theta ** ((2 * pair) / d);
  if (scaling === undefined) return plain;
  if (scaling.rope_type === "linear") return plain / scaling.factor;
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: old } = scaling;
  const wavelength = (2 * Math.PI) / plain;
  if (wavelength > old / low) return plain / factor;
  if (wavelength < old / high) return plain;
  const smooth = (old / wavelength - low) / (high - low);
  return ((1 - smooth) * plain) / factor + smooth * plain;
}
