import { formatPercent, formatPerplexity } from "@espalier/contracts";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { ChartPanel } from "../../../../charts/chart-panel.js";
import type { EChartsType } from "../../../../charts/echarts.js";
import { Legend } from "../../../../charts/legend.js";
import type { Palette } from "../../../../charts/palette.js";
import { Message } from "../../../../ui/message.js";
import { useNarrow } from "../../../../ui/use-narrow.js";
import { useJob } from "../../job-context.js";
import { specOf } from "../../spec-of.js";
import { analysedText, perplexityNote, WITHOUT_REFINED } from "../analysed-text.js";
import type { Importance } from "../importance/importance-option.js";
import { type Parallel, valueText } from "../parallel/parallel-data.js";
import { type Slice, type SlicePoint, sliceOf, sliceOption, sliceTable } from "./slices-option.js";

const route = getRouteApi("/jobs/$id/search");

const HEIGHT = 420;

interface SlicePanelProps {
  readonly view: Parallel;
  readonly name: string;
  readonly importance: Importance | undefined;
}

/** The trials at their values of one parameter. */
export function SlicePanel({ view, name, importance }: SlicePanelProps) {
  const slice = useMemo(() => sliceOf(view, name), [view, name]);
  if (slice === undefined || slice.points.length === 0) {
    return (
      <Message title={`No trial has a value of ${name}`} tone="empty">
        It is searched only together with certain values of other parameters.
      </Message>
    );
  }
  const share = importance?.parameters.find((parameter) => parameter.name === name)?.importance;
  return <Chart view={view} slice={slice} share={share} />;
}

interface ChartProps {
  readonly view: Parallel;
  readonly slice: Slice;
  readonly share: number | undefined;
}

function Chart({ view, slice, share }: ChartProps) {
  const { job } = useJob();
  const isNarrow = useNarrow();
  const navigate = route.useNavigate();
  const option = useCallback((palette: Palette) => sliceOption(slice, palette, isNarrow), [slice, isNarrow]);
  const onChart = useCallback(
    (made: EChartsType | null) => {
      made?.on("click", ({ data }) => {
        const { point } = data as { readonly point: SlicePoint };
        void navigate({ to: "/jobs/$id/trials/$number", params: { id: job.id, number: String(point.number) } });
      });
    },
    [navigate, job.id],
  );
  const { parameter, points } = slice;
  const label = bestText(slice);
  return (
    <ChartPanel
      title={parameter.name}
      hint={
        <>
          {label} {share !== undefined && `It decides ${formatPercent(share)} of what parameters explain. `}
          {analysedText(view)} {WITHOUT_REFINED} {perplexityNote(specOf(job).sparsities)}
        </>
      }
      label={`${points.length} trials. ${label}`}
      fileName={`slice-${parameter.name}`}
      height={HEIGHT}
      option={option}
      table={() => sliceTable(slice)}
      onChart={onChart}
    >
      <Legend
        items={[
          { name: "best trial", sign: "◆", color: "text" },
          { name: "best tenth", sign: "●", color: "found" },
          { name: "other trials", sign: "●", color: "idle" },
        ]}
      />
    </ChartPanel>
  );
}

function bestText({ parameter, points: [best] }: Slice): string {
  if (best === undefined) return "";
  const { value, score, number } = best;
  return `Trial ${number} is best, with ${valueText(parameter, value)} and a perplexity of ${formatPerplexity(Math.exp(score))}.`;
}
