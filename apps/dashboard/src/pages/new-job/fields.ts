/** How a field is filled in; `schema`: as the contract says (a choice, a number, yes or no, a text). */
export type FieldKind = "schema" | "model" | "corpus" | "sparsity" | "labels" | "profiles";

/** One field of the form: a place in a job's body. What it may hold and what it means comes from the contract. */
export interface Field {
  readonly pointer: string;
  readonly label: string;
  readonly kind: FieldKind;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

const field = (pointer: string, label: string, kind: FieldKind = "schema"): Field => ({ pointer, label, kind });

/** What a first job needs. */
export const firstFields: readonly Field[] = [
  field("/model/path", "Model", "model"),
  field("/calibration/corpus", "Calibration text", "corpus"),
  field("/target/sparsity", "Share to remove, in percent", "sparsity"),
];

/** What has a default. */
export const moreFields: readonly FieldGroup[] = [
  {
    title: "Name and labels",
    fields: [field("/name", "Name"), field("/labels", "Labels", "labels")],
  },
  {
    title: "Search",
    fields: [
      field("/search/trials", "Trials"),
      field("/search/preset", "Preset"),
      field("/search/refinement", "Share that refines"),
      field("/search/racing", "Racing"),
      field("/search/parallelism", "Trials at once"),
      field("/search/seed", "Seed"),
      field("/compensation", "Compensation"),
      field("/baselines", "Baselines"),
    ],
  },
  {
    title: "Target and result",
    fields: [
      field("/target/layout", "Layout"),
      field("/target/round_to", "MLP widths are multiples of"),
      field("/recovery/method", "Recovery"),
      field("/export/profiles", "Files for", "profiles"),
    ],
  },
  {
    title: "Texts",
    fields: [
      field("/calibration/samples", "Calibration samples"),
      field("/calibration/sequence_length", "Tokens per window"),
      field("/scoring/corpus", "Scoring text", "corpus"),
      field("/scoring/windows", "Scoring windows"),
      field("/report/corpus", "Report text", "corpus"),
      field("/report/windows", "Report windows"),
    ],
  },
  {
    title: "Limits and notice",
    fields: [
      field("/budget/max_duration_seconds", "Stop searching after, seconds"),
      field("/budget/max_compute_seconds", "Stop after trial time, seconds"),
    ],
  },
];

/** Every place that has a field. */
export const allFields: readonly Field[] = [...firstFields, ...moreFields.flatMap(({ fields }) => fields)];
