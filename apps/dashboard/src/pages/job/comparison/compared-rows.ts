import type { AnswerOf } from "@espalier/client";

export type Comparison = AnswerOf<"getComparison">;
export type ComparedModel = Comparison["best"][number];

/** Texts on which a model is measured: the search reads the first, nothing but the end of the job the second. */
export type Split = "scoring" | "report";

/** One model beside the found plan. */
export interface ComparedRow {
  readonly kind: "found" | "baseline" | "dense";
  readonly model: ComparedModel;
  /** On the split that is shown; null: infinite, or not measured. */
  readonly perplexity: number | null;
  /** 1 − perplexity of the found plan ÷ that of this model; null for the found plan itself and where one is missing. */
  readonly relative: number | null;
  /** 95 % interval of `relative`; null where none was computed. */
  readonly interval: readonly [number, number] | null;
}

/** Sparsities that anything is known of, ascending. */
export const sparsitiesOf = ({ best, baselines }: Comparison): number[] =>
  [...new Set([...best, ...baselines].map(({ sparsity }) => sparsity))].sort((a, b) => a - b);

/** The report text once it was read, before that the scoring text. */
export const splitOf = ({ best }: Comparison): Split =>
  best.some(({ report_perplexity }) => report_perplexity !== null) ? "report" : "scoring";

const perplexityOn = (model: ComparedModel, split: Split): number | null =>
  split === "report" ? model.report_perplexity : model.scoring_perplexity;

/** Dense model, baselines and the found plan at a sparsity, the lowest perplexity first and infinite ones last. */
export function comparedRows(view: Comparison, sparsity: number, split: Split): ComparedRow[] {
  const found = view.best.find((model) => model.sparsity === sparsity);
  const reached = found === undefined ? null : perplexityOn(found, split);
  const beside = (kind: "baseline" | "dense", model: ComparedModel): ComparedRow => {
    const perplexity = perplexityOn(model, split);
    const relative = reached === null || perplexity === null ? null : 1 - reached / perplexity;
    return {
      kind,
      model,
      perplexity,
      relative,
      interval: split === "report" ? intervalOf(view, sparsity, model) : null,
    };
  };
  const rows: ComparedRow[] = [
    ...(view.dense === null ? [] : [beside("dense", view.dense)]),
    ...(found === undefined
      ? []
      : [{ kind: "found", model: found, perplexity: reached, relative: null, interval: null } as const]),
    ...view.baselines.filter((model) => model.sparsity === sparsity).map((model) => beside("baseline", model)),
  ];
  return rows.sort((a, b) => orLast(a.perplexity) - orLast(b.perplexity));
}

const orLast = (perplexity: number | null): number => perplexity ?? Number.MAX_VALUE;

/** The baseline that is hardest to beat. */
export const bestBaseline = (rows: readonly ComparedRow[]): ComparedRow | undefined =>
  rows.find(({ kind, perplexity }) => kind === "baseline" && perplexity !== null);

/** Jobs of before intervals were kept for all models have that of the best baseline. */
function intervalOf(view: Comparison, sparsity: number, { name }: ComparedModel): ComparedRow["interval"] {
  const among = <T extends { sparsity: number; interval: [number, number] }>(
    known: readonly T[],
    nameOf: (one: T) => string,
  ) => known.find((one) => one.sparsity === sparsity && nameOf(one) === name)?.interval;
  return (
    among(view.differences ?? [], ({ model }) => model) ?? among(view.improvement, ({ baseline }) => baseline) ?? null
  );
}
