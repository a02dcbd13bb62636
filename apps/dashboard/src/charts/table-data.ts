import { csvFormatRows } from "d3-dsv";

export type Cell = string | number | null;

/** The numbers behind a chart. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** As a file by RFC 4180, that spreadsheets take for UTF-8. */
export const csvOf = ({ columns, rows }: TableData): string =>
  csvFormatRows([[...columns], ...rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell))))]);
