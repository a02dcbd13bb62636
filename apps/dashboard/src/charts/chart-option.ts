import type { EChartsCoreOption } from "echarts/core";
import type { Palette } from "./palette.js";

export type ChartOption = EChartsCoreOption;

const SANS = 'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

/** A chart's own option over what all charts have in common, in its tooltip too. */
export const withCommon = (option: ChartOption, palette: Palette): ChartOption => {
  const common = commonOption(palette);
  return { ...common, ...option, tooltip: { ...common.tooltip, ...(option["tooltip"] as object | undefined) } };
};

/** Tooltips are drawn on the canvas: as HTML they would need inline styles. */
const commonOption = (palette: Palette) => ({
  animation: false,
  textStyle: { fontFamily: SANS, color: palette.text },
  tooltip: {
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette["line-strong"],
    textStyle: { color: palette.text, fontSize: 13, fontFamily: SANS },
  },
});

/** An axis in the page's colours; spread before its own settings. */
export const axisStyle = (palette: Palette) => ({
  axisLine: { lineStyle: { color: palette["line-strong"] } },
  axisTick: { lineStyle: { color: palette["line-strong"] } },
  axisLabel: { color: palette.muted, fontSize: 12 },
  splitLine: { lineStyle: { color: palette.line } },
  nameTextStyle: { color: palette.muted, fontSize: 12 },
});
