import type { ComparedFile, ComparedInput, ReplayOutcome } from "@espalier/contracts";

const isDifferent = ({ recipe, here }: Pick<ComparedFile, "recipe" | "here">): boolean => recipe !== here;

/** What a replay found, line by line: what differs, then the verdict. */
export function replayText(outcome: ReplayOutcome): string {
  const { versions, inputs, plan, files, documents } = outcome;
  const differentFiles = (files ?? []).filter(isDifferent);
  return [
    ...versions.map(
      ({ name, recipe, here }) =>
        `Warning: the recipe was made with ${name} ${recipe}, this is ${here}: numbers may differ in their last digits, and with them plan and files.`,
    ),
    ...inputs.filter(isDifferent).map(inputLine),
    ...(plan ?? []),
    ...differentFiles.map((file) => `${file.name}: ${hashes(file)}`),
    ...documentLines(documents),
    ...verdictLines(outcome, differentFiles.length),
  ].join("\n");
}

function inputLine(input: ComparedInput): string {
  const what = { model: "The model", tokenizer: "The tokenizer", file: "A file of the model", corpus: "A text" }[
    input.kind
  ];
  return `${what} is not the recipe's: ${input.name}: ${hashes(input)}`;
}

const hashes = ({ recipe, here }: Pick<ComparedFile, "recipe" | "here">): string =>
  `${recipe ?? "none"} in the recipe, ${here ?? "none"} here.`;

function documentLines(documents: readonly ComparedFile[]): readonly string[] {
  const other = documents.filter((file) => file.recipe !== null && file.recipe !== file.here).map(({ name }) => name);
  if (other.length === 0) return [];
  return [`Not compared byte for byte, since cards name the runtimes of a machine: ${other.join(", ")} differ.`];
}

function verdictLines({ verdict, plan, files }: ReplayOutcome, different: number): readonly string[] {
  switch (verdict) {
    case "identical":
      return [`Identical: ${files?.length} files of the model have the recipe's hashes.`];
    case "same_plan":
      return ["The plan is the recipe's. Recipes of format 1 have no hashes of files to compare with."];
    case "stopped":
      return ["Stopped: other inputs give another model. --force goes on all the same."];
    case "different":
      if ((plan ?? []).length > 0 && files === null) {
        return [
          "Stopped: the plan is not the recipe's, which was changed or comes from other versions. --force goes on.",
        ];
      }
      return [
        `This is another artefact: ${different} of ${files?.length ?? 0} files differ.`,
        "With the same inputs, plan and versions the cause is a processor or a number of threads that rounds otherwise.",
      ];
  }
}
