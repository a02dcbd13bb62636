import type { PlainTensor } from "./seeded-mixtral.js";

/** What the experts of one layer did with one token. */
export interface TokenExperts {
  /** Weight of each expert, 0 where the token did not use it. */
  readonly weights: readonly number[];
  /** ‖weight · E(x)‖₂ of each expert. */
  readonly norms: readonly number[];
  /** 1 − cos(h, h + y). */
  readonly change: number;
}

export interface PlainResult {
  /** −log p of each token after the first. */
  readonly nll: readonly number[];
  /** [layer][token]. */
  readonly experts: readonly (readonly TokenExperts[])[];
}

/** What the tensors do not say. */
export interface PlainOptions {
  readonly headDim: number;
  readonly perToken: number;
  readonly epsilon: number;
  readonly theta: number;
}

type Vector = readonly number[];

/**
 * A Mixtral forward in float64, token by token and expert by expert, as its paper and transformers' `modeling_mixtral` have
 * it (softmax over all experts, the largest of them scaled to sum 1); it shares no code with the graphs.
 */
export function plainMixtral(
  tensors: ReadonlyMap<string, PlainTensor>,
  ids: ArrayLike<number>,
  options: PlainOptions,
): PlainResult {
  const { headDim, perToken, epsilon, theta } = options;
  const tensor = (name: string): PlainTensor => {
    const found = tensors.get(name);
    if (found === undefined) throw new RangeError(`no tensor '${name}'`);
    return found;
  };
  const row = ({ shape, data }: PlainTensor, r: number): Vector => [...data.subarray(r * shape[1], (r + 1) * shape[1])];
  const linear = (name: string, x: Vector): number[] => {
    const weight = tensor(name);
    return Array.from({ length: weight.shape[0] }, (_, r) => dot(row(weight, r), x));
  };
  const norm = (name: string, x: Vector): Vector => {
    const scale = 1 / Math.sqrt(dot(x, x) / x.length + epsilon);
    return x.map((value, i) => value * scale * tensor(name).data[i]);
  };

  let states: Vector[] = Array.from(ids, (id) => row(tensor("model.embed_tokens.weight"), id));
  const experts: TokenExperts[][] = [];
  for (let layer = 0; tensors.has(`model.layers.${layer}.input_layernorm.weight`); layer++) {
    const prefix = `model.layers.${layer}`;
    const normed = states.map((h) => norm(`${prefix}.input_layernorm.weight`, h));
    const split = (name: string, rotates: boolean): Vector[][] =>
      normed.map((x, t) =>
        heads(linear(`${prefix}.self_attn.${name}.weight`, x), headDim).map((head) =>
          rotates ? rotate(head, t, theta) : head,
        ),
      );
    const [q, k, v] = [split("q_proj", true), split("k_proj", true), split("v_proj", false)];
    states = states.map((h, t) => {
      const joined = q[t].flatMap((query, head) => {
        const group = Math.floor(head / (q[t].length / k[t].length));
        const scores = softmax(k.slice(0, t + 1).map((keys) => dot(query, keys[group]) / Math.sqrt(headDim)));
        return query.map((_, i) => scores.reduce((sum, score, s) => sum + score * v[s][group][i], 0));
      });
      return plus(h, linear(`${prefix}.self_attn.o_proj.weight`, joined));
    });
    const ofLayer: TokenExperts[] = [];
    states = states.map((h) => {
      const x = norm(`${prefix}.post_attention_layernorm.weight`, h);
      const all = softmax(linear(`${prefix}.block_sparse_moe.gate.weight`, x));
      const order = [...all.keys()].sort((a, b) => all[b] - all[a]).slice(0, perToken);
      const total = order.reduce((sum, e) => sum + all[e], 0);
      const weights = all.map((share, e) => (order.includes(e) ? share / total : 0));
      const outputs = weights.map((weight, e) => {
        const of = `${prefix}.block_sparse_moe.experts.${e}`;
        const up = linear(`${of}.w3.weight`, x);
        const inner = linear(`${of}.w1.weight`, x).map((g, i) => (g / (1 + Math.exp(-g))) * up[i]);
        return linear(`${of}.w2.weight`, inner).map((value) => weight * value);
      });
      const after = outputs.reduce<Vector>(plus, h);
      ofLayer.push({
        weights,
        norms: outputs.map((output) => Math.sqrt(dot(output, output))),
        change: 1 - dot(h, after) / Math.sqrt(dot(h, h) * dot(after, after)),
      });
      return after;
    });
    experts.push(ofLayer);
  }
  const nll = states.slice(0, -1).map((h, t) => {
    const logits = linear("lm_head.weight", norm("model.norm.weight", h));
    return -Math.log(softmax(logits)[ids[t + 1]]);
  });
  return { nll, experts };
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const plus = (a: Vector, b: Vector): Vector => a.map((x, i) => x + b[i]);

function softmax(x: Vector): number[] {
  const largest = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

function heads(x: Vector, headDim: number): Vector[] {
  return Array.from({ length: x.length / headDim }, (_, head) => x.slice(head * headDim, (head + 1) * headDim));
}

/** Half-split rotary embedding of one head at position t. */
function rotate(x: Vector, t: number, theta: number): Vector {
  const half = x.length / 2;
  return x.map((value, i) => {
    const angle = t * theta ** (-(i % half) / half);
    const other = i < half ? -x[i + half] : x[i - half];
    return value * Math.cos(angle) + other * Math.sin(angle);
  });
}
