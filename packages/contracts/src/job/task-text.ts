import type { EvaluatedModel } from "./job-view.js";
import type { TaskMetric } from "./task-result.js";

/** One metric of a task for several models, as tables show it. */
export interface TaskRow {
  /** `hellaswag, acc_norm`. */
  readonly task: string;
  readonly items: number;
  /** `0.412 ± 0.021` for each model, in their order; a dash where a model has none. */
  readonly values: readonly string[];
}

const DIGITS = 4;
const NONE = "–";

/** A value and its standard error. */
export function metricText(metric: TaskMetric | undefined): string {
  if (metric === undefined || metric.value === null) return NONE;
  const { value, stderr } = metric;
  return stderr === null ? value.toPrecision(DIGITS) : `${value.toPrecision(DIGITS)} ± ${stderr.toPrecision(2)}`;
}

/** A row for every metric of every task of the first model that has any; none where no model was evaluated. */
export function taskRows(models: readonly Pick<EvaluatedModel, "tasks">[]): TaskRow[] {
  const first = models.find(({ tasks = [] }) => tasks.length > 0)?.tasks ?? [];
  return first.flatMap(({ task, items, metrics }, place) =>
    metrics.map(({ name }): TaskRow => {
      const values = models.map(({ tasks }) => {
        return metricText(tasks?.[place]?.metrics.find((metric) => metric.name === name));
      });
      return { task: `${task}, ${name}`, items, values };
    }),
  );
}
