/**
 * What the files of the export profile `onnx` differ by from the model that was sliced: losses in ONNX Runtime on the
 * provider, logits in transformers.js on the CPU, for all channels, 80 % and 50 % of them. One JSON line per model, share and file.
 * npm run bench -- artefact/onnx MODEL_DIR... [--corpus FILE] [--windows 32] [--provider cpu] [--files model.onnx,…]
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  checkRuntime,
  fileLosses,
  profileRegistry,
  type SlicedModel,
  slicedLosses,
  sliceModel,
} from "@espalier/artefact";
import type { ExecutionProvider } from "@espalier/graph";
import { loadTokenizer, type ModelFolder, openModel, readWeights, windowReader } from "@espalier/model";
import { densePlan } from "@espalier/pruning";
import { printResult } from "../result-line.js";

const SEQUENCE_LENGTH = 64;

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    corpus: { type: "string", default: `${root}examples/corpora/tinystories-valid.txt` },
    windows: { type: "string", default: "32" },
    provider: { type: "string", default: "cpu" },
    files: { type: "string", default: "model.onnx,model_fp16.onnx,model_quantized.onnx" },
  },
});
const provider = values.provider as ExecutionProvider;
const models = positionals.length === 0 ? [`${root}examples/models/stories260K`] : positionals;

/** Every KV group, and that share of the channels of each layer, others in each. */
function sliced(source: ModelFolder, weights: ReadonlyMap<string, Float32Array>, share: number): SlicedModel {
  const { layers } = densePlan(source.config.shape);
  const plan = {
    layers: layers.map((layer, l) => ({
      ...layer,
      channels: layer.channels.filter((channel) => (channel * 7 + l) % 10 < 10 * share),
    })),
  };
  const compensated = { weights: new Map(), biases: new Map(), method: "none" } as const;
  return sliceModel({ config: source.config, weights, plan, compensated });
}

const relative = (a: number, b: number): number => Math.abs(a - b) / b;
const sum = (losses: Float64Array): number => losses.reduce((total, loss) => total + loss, 0);

async function measure(path: string, share: number, folder: string): Promise<void> {
  const source = await openModel(path);
  const model = sliced(source, await readWeights(source), share);
  const reader = windowReader(await loadTokenizer(path));
  const count = Number(values.windows);
  const windows = await reader.cut({
    corpusPath: values.corpus,
    windows: count,
    sequenceLength: SEQUENCE_LENGTH,
    skipWindows: 0,
  });
  const profile = profileRegistry.onnx;
  await profile.write(folder, { source, sliced: model, linkRoots: [] });
  const weights = new Map(model.tensors.map(({ name, data }) => [name, data()]));
  const ours = await slicedLosses({ shape: model.shape, weights, windows });
  const checked = await checkRuntime({
    label: "bench",
    folder,
    profile,
    sliced: model,
    sourcePath: path,
    linkRoots: [],
    window: windows[0],
  });
  if ("missing" in checked) throw new Error(checked.missing);
  for await (const read of profile.readBack(folder, model)) {
    if (!values.files.split(",").includes(basename(read.file))) continue;
    const theirs = await fileLosses(join(folder, read.file), { windows, provider });
    const { file: _, ...logits } = checked.results.find(({ file }) => file === read.file) ?? { file: read.file };
    printResult({
      bench: "artefact/onnx",
      ...{ model: basename(path), share, file: read.file, provider, bytes: (await stat(join(folder, read.file))).size },
      ...{ windows: count, tokens: SEQUENCE_LENGTH, total: relative(sum(theirs), sum(ours)) },
      window: Math.max(...theirs.map((loss, i) => relative(loss, ours[i]))),
      ...logits,
    });
  }
}

for (const path of models) {
  for (const share of [1, 0.8, 0.5]) {
    const folder = await mkdtemp(join(tmpdir(), "espalier-bench-onnx-"));
    try {
      await measure(path, share, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
