import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import type { NumberRange } from "../../../../api/job-queries.js";
import type { EChartsType } from "../../../../charts/echarts.js";
import { useJob } from "../../job-context.js";
import type { Point } from "./history-data.js";

const route = getRouteApi("/jobs/$id/search");

/** The URL follows the zoom when it has stood still for so long. */
const STILL_MS = 250;

/** Zoom of the chart into the URL, and clicks on trials to their pages. `last`: the largest number of the job. */
export function useRange(last: number) {
  const { job } = useJob();
  const navigate = route.useNavigate();
  const latest = useRef(last);
  useEffect(() => {
    latest.current = last;
  }, [last]);
  const setRange = useCallback(
    ({ from, to }: NumberRange) =>
      void navigate({
        search: ({ from: _from, to: _to, ...search }) => ({
          ...search,
          ...(from !== undefined && from > 0 && { from }),
          ...(to !== undefined && to < latest.current && { to }),
        }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const onChart = useCallback(
    (chart: EChartsType | null) => {
      let still: ReturnType<typeof setTimeout> | undefined;
      chart?.on("datazoom", () => {
        clearTimeout(still);
        still = setTimeout(() => {
          if (chart.isDisposed()) return;
          const { dataZoom, xAxis } = chart.getOption() as unknown as Drawn;
          const [zoom, axis] = [dataZoom[0], xAxis[0]];
          if (zoom === undefined || axis === undefined) return;
          // Drawn to its end the range stays open: the job may have gone on meanwhile.
          const to = Math.ceil(zoom.endValue);
          setRange({ from: Math.floor(zoom.startValue), to: to < axis.max ? to : undefined });
        }, STILL_MS);
      });
      chart?.on("click", ({ data }) => {
        const { point } = data as { readonly point?: Point };
        if (point === undefined) return;
        void navigate({ to: "/jobs/$id/trials/$number", params: { id: job.id, number: String(point.number) } });
      });
    },
    [navigate, setRange, job.id],
  );
  return { onChart, setRange };
}

/** What the zoom is read from. */
interface Drawn {
  readonly dataZoom: readonly { readonly startValue: number; readonly endValue: number }[];
  readonly xAxis: readonly { readonly max: number }[];
}
