import { formatPercent, formatPerplexity } from "@espalier/contracts";
import { bestBaseline, type ComparedRow, type Split } from "./compared-rows.js";
import { differenceText, intervalText } from "./difference-text.js";

/** What the numbers of one sparsity come to. */
export interface Headline {
  /** The finding, in a sentence. */
  readonly finding: string;
  /** Whether it may be chance, and what it costs against the dense model. */
  readonly meaning: readonly string[];
}

/** One sentence for those who read only one, and what to make of it. */
export function headline(rows: readonly ComparedRow[], split: Split): Headline {
  const found = rows.find(({ kind }) => kind === "found");
  if (found === undefined) return { finding: "No plan was found at this sparsity yet.", meaning: [] };
  if (found.perplexity === null) return { finding: "The found plan has an infinite perplexity here.", meaning: [] };
  const rival = bestBaseline(rows);
  const dense = rows.find(({ kind }) => kind === "dense");
  const reached = `Found plan: ${formatPerplexity(found.perplexity)} perplexity`;
  return {
    finding: rival === undefined ? `${reached}.` : `${reached}, ${against(rival)}.`,
    meaning: [
      ...(split === "scoring"
        ? ["On the scoring text, which the search looks at: the report text is read once, when the job ends."]
        : chance(rival)),
      ...price(dense),
    ],
  };
}

const against = ({ relative, model }: ComparedRow): string =>
  `${differenceText(relative ?? 0)} than the best baseline (${model.name})`;

function chance(rival: ComparedRow | undefined): string[] {
  if (!rival?.interval) return [];
  const [low, high] = rival.interval;
  const range = `The 95 % interval of the difference is ${intervalText(rival.interval)}`;
  return low <= 0 && high >= 0
    ? [`${range}: it includes zero, so this may be chance.`]
    : [`${range}: it excludes zero, so this is hardly chance.`];
}

function price(dense: ComparedRow | undefined): string[] {
  if (!dense || dense.perplexity === null || dense.relative === null) return [];
  const place = dense.relative < 0 ? "above" : "below";
  return [
    `That is ${formatPercent(Math.abs(dense.relative))} ${place} the dense model's ${formatPerplexity(dense.perplexity)}.`,
  ];
}
