import {
  type DecoderShape,
  type EvaluatedModel,
  type ExportProfile,
  type Improvement,
  improvementSentence,
  mlpUnits,
  overlapSentence,
  recoverySentences,
  type SplitOverlap,
  type TextSamples,
  taskRows,
} from "@espalier/contracts";
import { hasExperts } from "@espalier/pruning";
import { profileRegistry } from "../profiles/registry.js";
import type { RuntimeCheck } from "../verify/check-runtime.js";
import type { VerifiedFile } from "../verify/verify-folder.js";
import { checkLines } from "./check-lines.js";
import { placeless } from "./placeless.js";
import { type OriginInput, replayLines } from "./replay-lines.js";
import { sampleLines } from "./sample-lines.js";

export interface ModelCardInput extends OriginInput {
  readonly sourceName: string;
  /** The model's folder in the job, as the user named it, or its commit on a hub. */
  readonly sourcePlace: string;
  /** Name of the licence file that is carried on, if there is one. */
  readonly licenceFile: string | undefined;
  readonly profile: ExportProfile;
  readonly dense: EvaluatedModel;
  /** The best single metric at the same sparsity. */
  readonly baseline: EvaluatedModel | undefined;
  readonly pruned: EvaluatedModel;
  /** Against `baseline`. */
  readonly improvement: Improvement | undefined;
  /** How much the texts of the job repeat each other. */
  readonly contamination: readonly SplitOverlap[];
  /** What models write; absent: none was asked. */
  readonly samples: TextSamples | undefined;
  readonly denseShape: DecoderShape;
  readonly shape: DecoderShape;
  readonly reportCorpus: string;
  readonly reportWindows: number;
  /** What the written files lose against the model that the search scored. */
  readonly verified: readonly VerifiedFile[];
  /** What another runtime makes of them. */
  readonly checked: RuntimeCheck;
}

/** README.md of one exported model: what it is, how good it is, what each layer kept, how to load it. */
export function modelCard(input: ModelCardInput): string {
  const { sourceName, pruned } = input;
  return [
    ...frontMatter(input),
    `# ${sourceName}, ${percent(pruned.sparsity)} pruned`,
    "",
    `${sourceName} (\`${input.sourcePlace}\`) with whole key-value groups and ${hasExperts(input.denseShape) ? "experts" : "MLP channels"} removed by Espalier:`,
    `${percent(pruned.achieved_sparsity)} of the weights of its decoder blocks are gone, the rest is a dense model of smaller matrices.`,
    "",
    "## Quality",
    "",
    `Perplexity on ${input.reportWindows} windows of \`${placeless(input.reportCorpus)}\` that the search never read.`,
    "",
    ...qualityTable(input),
    "",
    ...improvementLines(input),
    ...tasksSection(input),
    ...recoverySentences(pruned).flatMap((sentence) => [sentence, ""]),
    ...sampleLines({ samples: input.samples, model: pruned }),
    ...textsSection(input),
    "## What each layer kept",
    "",
    ...layerTable(input),
    "",
    "## Loading",
    "",
    profileRegistry[input.profile].loading,
    "",
    "## Checks",
    "",
    ...checkLines(input),
    "",
    "## Made from",
    "",
    ...replayLines(input),
    "",
    "## Licence",
    "",
    input.licenceFile === undefined
      ? `The source folder carries no licence text; the licence of ${sourceName} applies to this derived model.`
      : `This model is derived from ${sourceName}; its licence applies and is carried on in \`${input.licenceFile}\`.`,
    "",
  ].join("\n");
}

function frontMatter({ sourceName, licenceFile }: ModelCardInput): readonly string[] {
  const licence =
    licenceFile === undefined
      ? ["license: unknown"]
      : [
          "license: other",
          `license_name: ${yamlText(`${sourceName} licence`)}`,
          `license_link: ${yamlText(licenceFile)}`,
        ];
  return [
    "---",
    `base_model: ${yamlText(sourceName)}`,
    "pipeline_tag: text-generation",
    "tags:",
    "- pruning",
    "- espalier",
    ...licence,
    "---",
    "",
  ];
}

function qualityTable({ dense, baseline, pruned }: ModelCardInput): readonly string[] {
  const { recovery } = pruned;
  const rows = [dense, ...(baseline === undefined ? [] : [baseline]), pruned];
  const recovered =
    recovery === undefined
      ? []
      : [
          `| this model (${pruned.name}, recovered by ${recovery.method}) | ${grouped(pruned.parameters)} | ${recovery.report_perplexity?.toFixed(3) ?? "–"} | ${pruned.compensation} |`,
        ];
  return [
    "| model | parameters | perplexity | compensation |",
    "|---|---:|---:|---|",
    ...rows.map((row) => {
      const name =
        row === dense
          ? "dense"
          : row !== pruned
            ? `best single metric (${row.name})`
            : recovery === undefined
              ? `this model (${row.name})`
              : `its plan before recovery (${row.name})`;
      return `| ${name} | ${grouped(row.parameters)} | ${row.report_perplexity?.toFixed(3) ?? "–"} | ${row.compensation} |`;
    }),
    ...recovered,
  ];
}

/** Zero-shot tasks; nothing for jobs that asked for none. */
function tasksSection({ dense, pruned }: ModelCardInput): readonly string[] {
  const { recovery } = pruned;
  const rows = taskRows([dense, pruned, ...(recovery === undefined ? [] : [recovery])]);
  const models = recovery === undefined ? ["this model"] : ["its plan before recovery", "this model"];
  if (rows.length === 0) return [];
  return [
    "### Zero-shot tasks",
    "",
    `Value ± standard error. Prompts and scoring: ${pruned.tasks?.[0]?.protocol ?? ""}.`,
    "",
    `| task | items | dense | ${models.join(" | ")} |`,
    `|---|---:|---:|${"---:|".repeat(models.length)}`,
    ...rows.map(({ task, items, values }) => `| ${task} | ${items} | ${values.join(" | ")} |`),
    "",
  ];
}

/** What a reader of the perplexities must know of the texts; nothing for jobs whose texts were not compared. */
function textsSection({ contamination }: ModelCardInput): readonly string[] {
  if (contamination.length === 0) return [];
  const warnings = contamination.flatMap(({ warning }) => (warning === null ? [] : [`**Warning:** ${warning}`, ""]));
  return ["## Texts", "", ...warnings, ...contamination.map((overlap) => `- ${overlapSentence(overlap)}`), ""];
}

function improvementLines({ improvement }: ModelCardInput): readonly string[] {
  if (improvement === undefined) return [];
  return [improvementSentence(improvement), "", "`search.json` has every single metric that was measured.", ""];
}

function layerTable({ denseShape, shape }: ModelCardInput): readonly string[] {
  return [
    `| layer | query heads | key-value heads | ${hasExperts(denseShape) ? "MLP" : "MLP channels"} |`,
    "|---:|---:|---:|---:|",
    ...shape.layers.map((kept, l) => {
      const full = denseShape.layers[l];
      const units = `${mlpUnits(kept)} of ${mlpUnits(full)}${full.experts === undefined ? "" : " experts"}`;
      return `| ${l} | ${kept.heads} of ${full.heads} | ${kept.kvHeads} of ${full.kvHeads} | ${units} |`;
    }),
  ];
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** Thousands apart, the same on every machine (toLocaleString depends on the locale data of the build). */
const grouped = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** A JSON string is a valid YAML scalar, whatever a folder is called. */
const yamlText = (text: string): string => JSON.stringify(text);
