import { lazy, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { Button } from "../ui/button.js";
import { DataTable } from "../ui/data-table.js";
import { Panel } from "../ui/panel.js";
import { Skeleton } from "../ui/skeleton.js";
import type { ChartOption } from "./chart-option.js";
import type { EChartsType } from "./echarts.js";
import type { Palette } from "./palette.js";
import { saveFile } from "./save-file.js";
import { csvOf, type TableData } from "./table-data.js";
import { usePalette } from "./use-palette.js";

const Canvas = lazy(async () => ({ default: (await import("./canvas.js")).Canvas }));

/** Rows that are shown as a table; the CSV has all of them. */
const SHOWN_ROWS = 500;

const PIXEL_RATIO = 2;

interface ChartPanelProps {
  readonly title: string;
  readonly hint?: ReactNode;
  /** What the chart says, in a sentence, for those who do not see it. */
  readonly label: string;
  /** Name of saved files, without ending. */
  readonly fileName: string;
  /** Height in pixels. */
  readonly height: number;
  /** Makes the ECharts option; must be stable (`useCallback`), since a new one redraws the chart. */
  readonly option: (palette: Palette) => ChartOption;
  /** The numbers behind it, made only when they are asked for. */
  readonly table: () => TableData;
  readonly onChart?: (chart: EChartsType | null) => void;
  /** Choices that stand beside the buttons of all charts. */
  readonly actions?: ReactNode;
  /** Stands below the chart: a legend, what is chosen. */
  readonly children?: ReactNode;
}

/** A chart with its heading, and the same as a table, as CSV and as PNG. ECharts is loaded when the first one is shown. */
export function ChartPanel(props: ChartPanelProps) {
  const { title, hint, label, fileName, height, option, table, onChart, actions, children } = props;
  const palette = usePalette();
  const [isTable, setIsTable] = useState(false);
  const chart = useRef<EChartsType | null>(null);
  const drawn = useMemo(() => option(palette), [option, palette]);
  const keepChart = useCallback(
    (made: EChartsType | null) => {
      chart.current = made;
      onChart?.(made);
    },
    [onChart],
  );
  const saveCsv = () => saveFile(`${fileName}.csv`, new Blob([csvOf(table())], { type: "text/csv;charset=utf-8" }));
  const savePng = async () => {
    const url = chart.current?.getDataURL({ type: "png", pixelRatio: PIXEL_RATIO, backgroundColor: palette.surface });
    if (url !== undefined) saveFile(`${fileName}.png`, pngOf(url));
  };
  const buttons = (
    <>
      {actions}
      <Button look="quiet" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
        As table
      </Button>
      <Button look="quiet" onClick={saveCsv} aria-label={`Save ${title} as CSV`}>
        CSV
      </Button>
      <Button look="quiet" onClick={() => void savePng()} disabled={isTable} aria-label={`Save ${title} as PNG`}>
        PNG
      </Button>
    </>
  );
  return (
    <Panel title={title} hint={hint} actions={buttons}>
      {isTable ? (
        <ChartTable caption={title} data={table()} />
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <Canvas label={label} option={drawn} palette={palette} height={height} onChart={keepChart} />
        </Suspense>
      )}
      {children}
    </Panel>
  );
}

/** Content of a `data:` URL with base64. It is not fetched: the page may only speak to its service. */
function pngOf(dataUrl: string): Blob {
  const bytes = Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}

function ChartTable({ caption, data }: { readonly caption: string; readonly data: TableData }) {
  const columns = data.columns.map((title, index) => ({
    title,
    numeric: data.rows.some((row) => typeof row[index] === "number"),
    cell: ({ cells }: { readonly cells: TableData["rows"][number] }) => cells[index] ?? "–",
  }));
  const rows = data.rows.slice(0, SHOWN_ROWS).map((cells, number) => ({ number, cells }));
  return (
    <>
      <DataTable caption={caption} columns={columns} rows={rows} rowKey={({ number }) => number} />
      {data.rows.length > SHOWN_ROWS && (
        <p>
          The first {SHOWN_ROWS} of {data.rows.length} rows; the CSV has all.
        </p>
      )}
    </>
  );
}
