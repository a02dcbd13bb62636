import type { EvaluatedModel, ExportProfile } from "@espalier/contracts";
import { profileRegistry } from "../profiles/registry.js";
import type { RuntimeCheck, RuntimeResult } from "../verify/check-runtime.js";
import { EXACT } from "../verify/compare-losses.js";
import type { VerifiedFile } from "../verify/verify-folder.js";

/** What was found out about the files of a form. */
export interface CheckedFiles {
  readonly profile: ExportProfile;
  readonly pruned: Pick<EvaluatedModel, "recovery">;
  readonly reportWindows: number;
  /** What the written files lose against the model that the search scored. */
  readonly verified: readonly VerifiedFile[];
  /** What another runtime makes of them. */
  readonly checked: RuntimeCheck;
}

/** The card's lines on how the files were read back, by us and by a runtime that is not ours. */
export function checkLines(input: CheckedFiles): string[] {
  const { verified, checked, profile, reportWindows, pruned } = input;
  const model = pruned.recovery === undefined ? "model that the search scored" : "recovered model";
  return [
    `Read back and run on the ${reportWindows} report windows, against the ${model}:`,
    "",
    ...verified.map(({ file, relativeDifference }) => {
      const percent = relativeDifference < EXACT.total ? "less than 0.001" : upTo(relativeDifference * 100);
      return `- \`${file}\`: its loss differs by ${percent} %.`;
    }),
    "",
    ...runtimeLines(checked),
    profileRegistry[profile].tested,
  ];
}

function runtimeLines(checked: RuntimeCheck): readonly string[] {
  if ("missing" in checked) return [`Not run in another runtime on the machine that made it: ${checked.missing}.`, ""];
  return [
    `Loaded in ${checked.runtime} on the machine that made it: the same tokens for report text, and logits beside ours:`,
    "",
    "| file | positions | largest difference | mean | span of logits | largest difference of a probability | same likeliest token |",
    "|---|---:|---:|---:|---:|---:|---:|",
    ...checked.results.map(row),
    "",
  ];
}

const row = ({ file, positions, largest, mean, span, probability, sameToken }: RuntimeResult): string =>
  `| \`${file}\` | ${positions} | ${upTo(largest)} | ${upTo(mean)} | ${upTo(span)} | ${upTo(probability)} | ${(sameToken * 100).toFixed(0)} % |`;

/** Two digits: the others are those of one processor. */
const upTo = (value: number): string => String(Number(value.toPrecision(2)));
