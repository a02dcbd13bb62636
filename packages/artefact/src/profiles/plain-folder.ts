import type { ExportProfile } from "@espalier/contracts";
import { findTransformers } from "../runtimes/transformers.js";
import { padModel } from "../slice/pad-model.js";
import type { SlicedModel } from "../slice/sliced-model.js";
import { dividingHeads } from "./dividing-heads.js";
import { hardestShape } from "./job-bounds.js";
import { plainForm, plainWords } from "./plain-form.js";
import type { Profile } from "./profile.js";
import { transformersFolder, WEIGHT_FILE } from "./transformers-folder.js";

/**
 * A folder of the family's standard keys and nothing of ours, for any of its loaders. `equalLayers` makes a model of equal
 * widths in every layer, without empty sub-blocks, or refuses.
 */
export function plainFolder(name: ExportProfile, equalLayers: (sliced: SlicedModel) => SlicedModel): Profile {
  const folder = transformersFolder({
    form: (sliced) => {
      const { model, keys } = plainForm(loadable(equalLayers(sliced)));
      const { layers } = model.shape;
      return {
        model,
        keys: {
          num_hidden_layers: layers.length,
          num_attention_heads: layers[0]?.heads,
          num_key_value_heads: layers[0]?.kvHeads,
          intermediate_size: layers[0]?.intermediateSize,
          ...keys,
        },
      };
    },
    // Both multiply in single precision; what differs is the order of sums.
    runtime: { find: findTransformers, files: [{ file: WEIGHT_FILE, tolerance: 1e-4 }] },
    tested:
      "Espalier's tests compare the logits of Llama folders of this form with those of transformers 5.18.0, and the losses of every family with plain loops.",
    loading: [
      "A plain model of its family, as `model_type` in `config.json` says: any loader of the format reads it, for example",
      "",
      "```python",
      "from transformers import AutoModelForCausalLM, AutoTokenizer",
      `model = AutoModelForCausalLM.from_pretrained("${name}")`,
      `tokenizer = AutoTokenizer.from_pretrained("${name}")`,
      "```",
      "",
      "Where the table above has fewer heads or channels than `config.json`, zeros fill the rest: the same function.",
    ].join("\n"),
  });
  return {
    ...folder,
    assertFits: async ({ config: { family, shape } }, _, bounds) => {
      plainWords({ family, shape: hardestShape(shape, bounds) });
    },
  };
}

/** With heads of zeros where transformers would refuse the number of them. */
function loadable(equal: SlicedModel): SlicedModel {
  const [first] = equal.shape.layers;
  const layer = dividingHeads(equal.shape, first);
  return padModel(
    equal,
    equal.shape.layers.map(() => layer),
  );
}
