import type { DecoderShape } from "@espalier/contracts";

type Weights = ReadonlyMap<string, Float32Array>;

/** −log p of each next token and whether it is the likeliest, by the textbook: loops, float64, one sequence. */
export function plainLosses(shape: DecoderShape, weights: Weights, ids: ArrayLike<number>) {
  const tensor = (name: string): Float32Array => {
    const data = weights.get(name);
    if (data === undefined) throw new Error(`no tensor ${name}`);
    return data;
  };
  const { hiddenSize: D, headDim: E, vocabSize: V, ropeTheta, rmsNormEps } = shape;
  const T = ids.length;
  const embedding = tensor("model.embed_tokens.weight");
  const rows = Array.from({ length: T }, (_, t) => Float64Array.from(embedding.subarray(ids[t] * D, (ids[t] + 1) * D)));
  const norm = (x: Float64Array, gain: Float32Array): Float64Array => {
    const scale = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / D + rmsNormEps);
    return x.map((value, i) => value * scale * gain[i]);
  };
  const times = (matrix: Float32Array, x: Float64Array): Float64Array => {
    const out = new Float64Array(matrix.length / x.length);
    for (let o = 0; o < out.length; o++) {
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += matrix[o * x.length + i] * x[i];
      out[o] = sum;
    }
    return out;
  };
  const rotate = (x: Float64Array, t: number): Float64Array => {
    const out = x.slice();
    for (let head = 0; head < x.length; head += E) {
      for (let i = 0; i < E / 2; i++) {
        const angle = t * ropeTheta ** ((-2 * i) / E);
        const [a, b] = [x[head + i], x[head + i + E / 2]];
        out[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
        out[head + i + E / 2] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return out;
  };
  shape.layers.forEach(({ heads: H, kvHeads: K }, l) => {
    const name = (part: string): Float32Array => tensor(`model.layers.${l}.${part}.weight`);
    const normed = rows.map((x) => norm(x, name("input_layernorm")));
    const q = normed.map((x, t) => rotate(times(name("self_attn.q_proj"), x), t));
    const k = normed.map((x, t) => rotate(times(name("self_attn.k_proj"), x), t));
    const v = normed.map((x) => times(name("self_attn.v_proj"), x));
    rows.forEach((x, t) => {
      const mixed = new Float64Array(H * E);
      for (let h = 0; h < H; h++) {
        const kv = Math.floor(h / (H / K)) * E;
        const scores = Array.from({ length: t + 1 }, (_, s) => {
          let dot = 0;
          for (let i = 0; i < E; i++) dot += q[t][h * E + i] * k[s][kv + i];
          return dot / Math.sqrt(E);
        });
        const top = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - top));
        const total = shares.reduce((sum, share) => sum + share, 0);
        shares.forEach((share, s) => {
          for (let i = 0; i < E; i++) mixed[h * E + i] += (share / total) * v[s][kv + i];
        });
      }
      times(name("self_attn.o_proj"), mixed).forEach((value, i) => {
        x[i] += value;
      });
    });
    rows.forEach((x) => {
      const y = norm(x, name("post_attention_layernorm"));
      const gate = times(name("mlp.gate_proj"), y);
      const up = times(name("mlp.up_proj"), y);
      const inner = gate.map((value, i) => (value / (1 + Math.exp(-value))) * up[i]);
      times(name("mlp.down_proj"), inner).forEach((value, i) => {
        x[i] += value;
      });
    });
  });
  const head = shape.tiedEmbeddings ? embedding : tensor("lm_head.weight");
  return Array.from({ length: T - 1 }, (_, t) => {
    const logits = times(head, norm(rows[t], tensor("model.norm.weight")));
    const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const total = logits.reduce((sum, value) => sum + Math.exp(value - top), 0);
    if (logits.length !== V) throw new Error(`${logits.length} logits`);
    const target = ids[t + 1];
    return { nll: top + Math.log(total) - logits[target], likeliest: logits.indexOf(top) === target };
  });
}
