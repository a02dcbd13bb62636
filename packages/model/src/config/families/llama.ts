import { allOrNone, attentionProjections, mlpProjections } from "./biases.js";
import { decoderFamily } from "./decoder-family.js";

/** Llama 1 to 3.x (Touvron et al., arXiv 2302.13971): biases in attention or MLP by switch, no windows. */
export const llama = decoderFamily({
  name: "llama",
  biases: ({ attention_bias, mlp_bias }) => [
    ...(attention_bias ? attentionProjections : []),
    ...(mlp_bias ? mlpProjections : []),
  ],
  says: ({ biases = [], qkNorm = false, layers }) => {
    const [attention, mlp] = [allOrNone(biases, attentionProjections), allOrNone(biases, mlpProjections)];
    const others = qkNorm || layers.some(({ slidingWindow }) => slidingWindow !== undefined);
    if (others || attention === undefined || mlp === undefined) return undefined;
    return { attention_bias: attention, mlp_bias: mlp };
  },
});
