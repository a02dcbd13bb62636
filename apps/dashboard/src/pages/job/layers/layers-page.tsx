import type { AnswerOf } from "@espalier/client";
import { formatPercent } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useApi } from "../../../api/api-context.js";
import { layersQuery } from "../../../api/job-queries.js";
import { ChartPanel } from "../../../charts/chart-panel.js";
import type { Palette } from "../../../charts/palette.js";
import { Choices } from "../../../ui/choices.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import stack from "../../../ui/stack.module.css";
import { useNarrow } from "../../../ui/use-narrow.js";
import { useJob } from "../job-context.js";
import { cellsOf, layersAt } from "./layer-shares.js";
import { layersOption, layersTable } from "./layers-chart.js";
import { TrialsForm } from "./trials-form.js";

const route = getRouteApi("/jobs/$id/layers");
const HEIGHT = 300;

type Layers = AnswerOf<"getLayers">;

/** What a trial keeps of each layer, and how two trials differ. */
export function LayersPage() {
  const { job } = useJob();
  const { a, b } = route.useSearch();
  const { client } = useApi();
  const first = useQuery({ ...layersQuery(client, job.id, a), enabled: a !== undefined || job.best.length > 0 });
  const second = useQuery({ ...layersQuery(client, job.id, b), enabled: b !== undefined });
  if (a === undefined && job.best.length === 0) {
    return (
      <Message title="No plan yet" tone="empty">
        The layers of the best plan appear with the first trial that was scored, after the profile.
      </Message>
    );
  }
  return (
    <div className={stack.column}>
      <TrialsForm best={first.data?.trial} />
      <Loaded query={first} height={HEIGHT}>
        {(shown) =>
          b === undefined ? (
            <Picture first={shown} />
          ) : (
            <Loaded query={second} height={HEIGHT}>
              {(other) => <Picture first={shown} second={other} />}
            </Loaded>
          )
        }
      </Loaded>
    </div>
  );
}

function Picture({ first, second }: { readonly first: Layers; readonly second?: Layers }) {
  const search = route.useSearch();
  const isNarrow = useNarrow();
  const known = first.sparsities.map(({ sparsity }) => sparsity);
  const sparsity = known.find((one) => one === search.sparsity) ?? known[0];
  const isDifference = second !== undefined;
  const cells = useMemo(() => {
    const layers = sparsity === undefined ? undefined : layersAt(first, sparsity);
    return cellsOf(layers ?? [], second && sparsity !== undefined ? layersAt(second, sparsity) : undefined);
  }, [first, second, sparsity]);
  const option = useCallback(
    (palette: Palette) => layersOption(cells, isDifference, isNarrow, palette),
    [cells, isDifference, isNarrow],
  );
  if (sparsity === undefined) {
    return (
      <Message title={`Trial ${first.trial} has no plan`} tone="empty">
        It ended before it was scored. Choose another one.
      </Message>
    );
  }
  const title = isDifference ? `Trial ${first.trial} minus trial ${second.trial}` : `Trial ${first.trial}`;
  return (
    <>
      {known.length > 1 && (
        <Choices label="Removed">
          {known.map((one) => (
            <Link
              key={one}
              from="/jobs/$id/layers"
              search={(before) => ({ ...before, sparsity: one })}
              aria-current={one === sparsity ? "true" : undefined}
            >
              {formatPercent(one)}
            </Link>
          ))}
        </Choices>
      )}
      <ChartPanel
        title={title}
        hint={
          isDifference
            ? "Percent of the dense layer that the first trial keeps more (+) or less (−) than the second."
            : "Percent of each layer that stays: key-value groups with their query heads, and MLP channels."
        }
        label={
          isDifference
            ? `How the kept shares of ${cells.length / 2} layers differ between two trials.`
            : `The kept share of attention and MLP in ${cells.length / 2} layers.`
        }
        fileName={`layers-trial-${first.trial}`}
        height={HEIGHT}
        option={option}
        table={() => layersTable(cells, isDifference)}
      />
    </>
  );
}
