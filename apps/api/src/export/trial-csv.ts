import { type PartialTrial, type TrialField, type TrialResult, trialFields } from "@espalier/contracts";
import type { TrialColumns } from "@espalier/store";
import { stringify } from "csv-stringify/sync";

type Cell = string | number | boolean | null | undefined;

interface Column {
  readonly name: string;
  readonly cell: (trial: PartialTrial) => Cell;
}

/** What a table shows of a result; the widths of its layers are in JSON only. */
const resultFields = ["achieved_sparsity", "parameters", "scoring_perplexity"] as const satisfies (keyof TrialResult)[];

const nested: readonly TrialField[] = ["params", "results"];

/** Parameters and results come last, since a wide search has many of them. */
const fieldsInOrder = [...trialFields.filter((field) => !nested.includes(field)), ...nested];

function columnsOf(field: TrialField, { parameters, sparsities }: TrialColumns): readonly Column[] {
  if (field === "params") {
    return parameters.map((name) => ({ name: `params.${name}`, cell: ({ params }) => params?.[name] }));
  }
  if (field === "results") {
    return sparsities.flatMap((sparsity) =>
      resultFields.map((key) => ({
        name: `results.${sparsity}.${key}`,
        cell: ({ results }: PartialTrial) => results?.find((result) => result.sparsity === sparsity)?.[key],
      })),
    );
  }
  return [{ name: field, cell: (trial) => trial[field] }];
}

const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  stringify([...rows], {
    record_delimiter: "windows",
    // A spreadsheet runs a cell that begins with = + - or @: such texts get an apostrophe, numbers stay as they are.
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  });

/** Trials as CSV (RFC 4180): the line of names, and the lines of some trials. */
export interface TrialTable {
  readonly header: string;
  rows(trials: readonly PartialTrial[]): string;
}

/** A column per field, in the order asked for; `params.NAME` and `results.SPARSITY.…` for those two. */
export function trialTable(known: TrialColumns, fields: readonly TrialField[] = fieldsInOrder): TrialTable {
  const columns = fields.flatMap((field) => columnsOf(field, known));
  return {
    header: toCsv([columns.map(({ name }) => name)]),
    rows: (trials) => toCsv(trials.map((trial) => columns.map(({ cell }) => cell(trial)))),
  };
}
