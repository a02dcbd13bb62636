import { type JobSpec, modelName, type ParameterValue } from "@espalier/contracts";
import { placeless } from "./placeless.js";
import type { InputHashes } from "./recipe.js";
import type { Versions } from "./versions.js";

export interface OriginInput {
  readonly spec: JobSpec;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly hashes: InputHashes;
  readonly versions: Versions;
  /** Of the model's files together, as the recipe has it. */
  readonly sha256: string;
}

/** The card's lines on what the model was made from and how to make it again. Without a place of this machine. */
export function replayLines({ spec, params, hashes, versions, sha256 }: OriginInput): string[] {
  const { calibration, search } = spec;
  const onHub = "hub" in spec.model ? `${spec.model.hub}@${spec.model.revision}` : undefined;
  const model = "path" in spec.model ? placeless(spec.model.path) : modelName(spec.model);
  const folder = onHub === undefined ? shellWord(model) : `"$(espalier fetch ${onHub})"`;
  const where = onHub === undefined ? `\`${model}\` and the texts lie in one folder` : "the texts lie in one folder";
  const corpora = Object.entries(hashes.corpora);
  return [
    `- Search: preset \`${search.preset}\`, ${search.trials} trials, seed ${search.seed}. ${metricSentence(params)}`,
    `- Calibration: ${calibration.windows} windows of ${calibration.sequence_length} tokens of \`${placeless(calibration.corpus)}\`.`,
    `- Versions: Espalier ${versions.espalier}, onnxruntime ${versions.onnxruntime}, Node ${versions.node_major}.`,
    "",
    "| made from | SHA-256 |",
    "|---|---|",
    `| \`${model}\` | \`${hashes.model}\` |`,
    `| its tokenizer | \`${hashes.tokenizer}\` |`,
    ...corpora.map(([name, hash]) => `| \`${name}\` | \`${hash}\` |`),
    "",
    `Where ${where}, this makes the same bytes again, without a service:`,
    "",
    "```sh",
    `espalier replay recipe.json --model ${folder} --corpora .`,
    "```",
    "",
    `The model's files together have the SHA-256 \`${sha256}\`.`,
  ];
}

const METRIC = "metric.";

/** The mixture as the winner's parameters say it: the leading metric, and those mixed with it. */
function metricSentence(params: OriginInput["params"]): string {
  const leading = params["metric"];
  const mixed = Object.entries(params).filter(
    ([name, value]) =>
      name.startsWith(METRIC) && name !== `${METRIC}${leading}` && typeof value === "number" && value > 0,
  );
  const others = mixed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `\`${name}\` ${value}`);
  const names = [...(typeof leading === "string" ? [`\`${leading}\``] : []), ...others];
  return names.length === 0 ? "All metrics alike." : `Units are ranked by ${names.join(", ")}.`;
}

const shellWord = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
