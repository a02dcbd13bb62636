import type { Job } from "@espalier/client";

/** What views need of a job's settled body; the API describes `spec` as an open object. */
export interface ShownSpec {
  /** As the list of models names it; undefined where it was not understood. */
  readonly model: string | undefined;
  readonly sparsities: readonly number[];
  readonly isUniform: boolean;
  /** Whether trials race against the best one. */
  readonly isRaced: boolean;
}

const field = (from: unknown, name: string): unknown =>
  typeof from === "object" && from !== null ? (from as Record<string, unknown>)[name] : undefined;

/** Reads a job's settled body. */
export function specOf({ spec }: Pick<Job, "spec">): ShownSpec {
  const { model, target } = { model: spec["model"], target: spec["target"] };
  const name = field(model, "path") ?? field(model, "hub");
  const sparsity = field(target, "sparsity");
  const many = Array.isArray(sparsity) ? sparsity : [sparsity];
  return {
    model: typeof name === "string" ? name : undefined,
    sparsities: many.filter((one) => typeof one === "number"),
    isUniform: field(target, "layout") === "uniform",
    isRaced: field(spec["search"], "racing") === true,
  };
}
