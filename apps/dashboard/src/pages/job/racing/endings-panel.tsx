import { useCallback } from "react";
import { ChartPanel } from "../../../charts/chart-panel.js";
import type { Palette } from "../../../charts/palette.js";
import { useJob } from "../job-context.js";
import type { Ending } from "./racing-data.js";
import { endingsOption, endingsTable } from "./racing-option.js";

const HEIGHT = 340;

/** In which part of the text the losers were stopped. */
export function EndingsPanel({ endings }: { readonly endings: readonly Ending[] }) {
  const { job } = useJob();
  const option = useCallback((palette: Palette) => endingsOption(endings, palette), [endings]);
  const stopped = endings.reduce((sum, { count }) => sum + count, 0);
  return (
    <ChartPanel
      title="When losers were stopped"
      hint="The further left, the more text was spared."
      label={`${stopped} stopped trials by the share of the text that they read.`}
      fileName={`racing-stops-${job.id}`}
      height={HEIGHT}
      option={option}
      table={() => endingsTable(endings)}
    />
  );
}
