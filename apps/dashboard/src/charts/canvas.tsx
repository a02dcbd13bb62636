import { useEffect, useRef } from "react";
import { type ChartOption, withCommon } from "./chart-option.js";
import { type EChartsType, init } from "./echarts.js";
import type { Palette } from "./palette.js";
import { useUnheld } from "./use-unheld.js";

export interface CanvasProps {
  /** What is to be seen, in words. */
  readonly label: string;
  readonly option: ChartOption;
  readonly palette: Palette;
  /** Height in pixels. */
  readonly height: number;
  /** Called with the chart once it is there, and with null when it goes: for events, brushes and pictures. */
  readonly onChart?: ((chart: EChartsType | null) => void) | undefined;
}

/** Draws an ECharts option and redraws it when the option or its own size changes. */
export function Canvas({ label, option, palette, height, onChart }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const unheld = useUnheld(place);

  useEffect(() => {
    if (place.current === null) return undefined;
    const made = init(place.current, null, { renderer: "canvas" });
    chart.current = made;
    onChart?.(made);
    const size = new ResizeObserver(() => made.resize());
    size.observe(place.current);
    return () => {
      size.disconnect();
      onChart?.(null);
      chart.current = null;
      made.dispose();
    };
  }, [onChart]);

  useEffect(() => {
    unheld(() => chart.current?.setOption(withCommon(option, palette), { replaceMerge: ["series"] }));
  }, [option, palette, unheld]);

  return <div ref={place} role="img" aria-label={label} style={{ height }} />;
}
