import { formatCount } from "@espalier/contracts";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { ChartPanel } from "../../../charts/chart-panel.js";
import type { EChartsType } from "../../../charts/echarts.js";
import { Legend } from "../../../charts/legend.js";
import type { Palette } from "../../../charts/palette.js";
import { useJob } from "../job-context.js";
import type { Race } from "./racing-data.js";
import { mostBehind, raceOption, raceTable } from "./racing-option.js";

const route = getRouteApi("/jobs/$id/racing");

const HEIGHT = 340;

interface RacesPanelProps {
  readonly races: readonly Race[];
  readonly isThinned: boolean;
  readonly total: number;
}

/** Each trial's distance to the best one before it. */
export function RacesPanel({ races, isThinned, total }: RacesPanelProps) {
  const { job } = useJob();
  const navigate = route.useNavigate();
  const option = useCallback((palette: Palette) => raceOption(races, palette), [races]);
  const onChart = useCallback(
    (chart: EChartsType | null) => {
      chart?.on("click", ({ data }) => {
        const { race } = data as { readonly race?: Race };
        if (race === undefined) return;
        void navigate({ to: "/jobs/$id/trials/$number", params: { id: job.id, number: String(race.number) } });
      });
    },
    [navigate, job.id],
  );
  const most = mostBehind(races);
  const above = races.filter(({ behind }) => (behind ?? 0) > most).length;
  const stopped = races.filter(({ isStopped }) => isStopped).length;
  return (
    <ChartPanel
      title="Each trial against the best before it"
      hint={
        <>
          Above the line a trial is worse than the best one at the time, below it becomes the best. A stopped trial's
          place is an estimate from what it read.{" "}
          {isThinned && `${formatCount(races.length)} of ${formatCount(total)} trials are drawn. `}
          {above > 0 && `${formatCount(above)} trials lie far above.`}
        </>
      }
      label={`${races.length} races, ${stopped} of them stopped.`}
      fileName={`racing-${job.id}`}
      height={HEIGHT}
      option={option}
      table={() => raceTable(races)}
      onChart={onChart}
    >
      <Legend
        items={[
          { name: "read to the end", sign: "●", color: "found" },
          { name: "stopped early", sign: "○", color: "idle" },
        ]}
      />
    </ChartPanel>
  );
}
