import type { AnswerOf } from "@espalier/client";

type Layers = AnswerOf<"getLayers">;
/** What is kept of one layer. */
export type Layer = Layers["sparsities"][number]["layers"][number];

/** Parts of a layer, from the bottom of the picture to its top. */
export const parts = [
  { name: "MLP", of: ({ channels }: Layer) => channels, unit: "channels" },
  { name: "Attention", of: ({ kv_groups }: Layer) => kv_groups, unit: "key-value groups" },
] as const;

/** One part of one layer in one trial or two. */
export interface LayerCell {
  readonly layer: number;
  readonly part: (typeof parts)[number]["name"];
  readonly unit: string;
  readonly kept: number;
  readonly dense: number | null;
  /** Share kept, 0 to 1; null where the dense model has none. */
  readonly share: number | null;
  /** What the other trial keeps. */
  readonly other: { readonly kept: number; readonly share: number | null } | null;
}

/** Layers of a trial at one sparsity; undefined where it has no result there. */
export const layersAt = ({ sparsities }: Layers, sparsity: number): readonly Layer[] | undefined =>
  sparsities.find((one) => one.sparsity === sparsity)?.layers;

/** Cells of the picture, first layer first. */
export const cellsOf = (layers: readonly Layer[], others: readonly Layer[] | undefined): readonly LayerCell[] =>
  layers.flatMap((layer, index) =>
    parts.map(({ name, of, unit }) => {
      const other = others?.[index];
      return { layer: index, part: name, unit, ...of(layer), other: other === undefined ? null : of(other) };
    }),
  );

/** How much more (or less: negative) the first trial keeps; null where either has none. */
export const differenceOf = ({ share, other }: LayerCell): number | null =>
  share === null || other === null || other.share === null ? null : share - other.share;
