import { join } from "node:path";
import { isLicence } from "@espalier/model";
import { carriedFiles, copyCarriedFiles } from "../../folder/copied-files.js";
import { type GgufMetadata, string, uint32 } from "../../gguf/metadata.js";
import { openGguf } from "../../gguf/read-gguf.js";
import { tensorEncodings } from "../../gguf/tensor-type.js";
import { writeGguf } from "../../gguf/write-gguf.js";
import { findLlamaCpp } from "../../runtimes/llama-cpp.js";
import type { LossTolerance } from "../../verify/compare-losses.js";
import { hardestShape } from "../job-bounds.js";
import type { Profile, ProfileInput } from "../profile.js";
import { refuseExperts } from "../refuse-experts.js";
import { architectureOf } from "./architectures.js";
import { hyperparameters } from "./hyperparameters.js";
import { type GgufLayout, ggufLayout } from "./layout.js";
import { ggufTensors, modelOf } from "./tensors.js";
import { vocabulary } from "./vocabulary/vocabulary.js";

interface GgufForm {
  readonly type: "F16" | "Q8_0";
  /** llama.cpp's number for a file whose matrices are mostly of this type. */
  readonly fileType: number;
  readonly losses: LossTolerance;
  /** Of the span of llama.cpp's logits, which has rounding of its own: it multiplies in the type of the file. */
  readonly logits: number;
}

/** The files of the profile. Tolerances are five times and more what rounding does to the shipped models (ADR 0032). */
const forms: readonly GgufForm[] = [
  { type: "F16", fileType: 1, losses: { total: 5e-4, window: 2e-3 }, logits: 0.01 },
  { type: "Q8_0", fileType: 7, losses: { total: 1e-2, window: 5e-2 }, logits: 0.15 },
];

const fileName = ({ type }: GgufForm): string => `model-${type}.gguf`;

/** Two files for llama.cpp and what builds on it, in half precision and in 8 bits, each with its tokenizer inside. */
export const gguf: Profile = {
  assertFits: async (source, linkRoots, bounds) => {
    refuseExperts("gguf", source.config);
    await vocabulary(source, linkRoots);
    architectureOf(hardestShape(source.config.shape, bounds));
  },
  async write(folder, input) {
    const { source, sliced, linkRoots } = input;
    const words = await vocabulary(source, linkRoots);
    const licences = (await carriedFiles(source.path)).filter(isLicence);
    await copyCarriedFiles(source.path, folder, licences, linkRoots);
    for (const form of forms) {
      const layout = ggufLayout(sliced, tensorEncodings[form.type].block);
      const metadata = new Map([...general(input, layout, form), ...hyperparameters(layout), ...words]);
      await writeGguf(join(folder, fileName(form)), metadata, ggufTensors(layout, form.type));
    }
  },
  async *readBack(folder, sliced) {
    for (const form of forms) {
      const file = await openGguf(join(folder, fileName(form)));
      try {
        yield { file: fileName(form), ...(await modelOf(file, sliced.shape)), tolerance: form.losses };
      } finally {
        await file.close();
      }
    }
  },
  runtime: {
    find: findLlamaCpp,
    files: forms.map((form) => ({ file: fileName(form), tolerance: form.logits })),
  },
  tested:
    "Espalier's tests compare tokens, logits and greedy text of files of this form with those of llama.cpp v0.5.0.",
  loading: [
    "For llama.cpp and what builds on it (Ollama, LM Studio, node-llama-cpp): `model-F16.gguf` in half precision,",
    "`model-Q8_0.gguf` in 8 bits, each complete with its tokenizer.",
    "",
    "```sh",
    'llama-cli -m gguf/model-Q8_0.gguf -p "Once upon a time"',
    "```",
    "",
    "Layers of unequal widths are said with llama.cpp's architecture `deci`.",
  ].join("\n"),
};

function general({ source }: ProfileInput, { architecture }: GgufLayout, { fileType }: GgufForm): GgufMetadata {
  return new Map([
    ["general.architecture", string(architecture.name)],
    ["general.name", string(source.name)],
    ["general.file_type", uint32(fileType)],
    ["general.quantization_version", uint32(2)],
  ]);
}
