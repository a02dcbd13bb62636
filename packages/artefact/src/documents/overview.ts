import { type ModelCardInput, modelCard } from "./model-card.js";

/** README.md of the whole artefact: what lies where. */
export function overview(models: readonly { readonly folder: string; readonly card: ModelCardInput }[]): string {
  const [only] = models;
  if (models.length === 1 && only !== undefined)
    return `${modelCard(only.card)}\n${contents(models.map((m) => m.folder))}`;
  return [
    `# ${only?.card.sourceName ?? "A model"}, pruned by Espalier`,
    "",
    "| folder | sparsity | parameters | perplexity |",
    "|---|---:|---:|---:|",
    ...models.map(({ folder, card: { pruned } }) => {
      return `| [\`${folder}\`](${folder}/README.md) | ${pruned.sparsity} | ${pruned.parameters} | ${pruned.report_perplexity?.toFixed(3) ?? "–"} |`;
    }),
    "",
    contents(models.map((m) => m.folder)),
  ].join("\n");
}

function contents(folders: readonly string[]): string {
  return [
    "## Files",
    "",
    ...folders.map((folder) => `- \`${folder}/\`: a model folder with its own card`),
    "- `recipe.json`: everything needed to repeat this: the job, hashes of its inputs, seeds, versions, the plan",
    "- `search.json`: all trials, baselines and the comparison",
    "- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`",
    "",
  ].join("\n");
}
