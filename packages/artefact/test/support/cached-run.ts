import { cacheNames, type ModelFile, type TensorData } from "@espalier/graph";

/** Rows of ids as a tensor, int64. */
const int64 = (rows: readonly (readonly number[])[]): TensorData => ({
  data: BigInt64Array.from(rows.flat(), BigInt),
  dims: [rows.length, rows[0]?.length ?? 0],
});

/**
 * Logits after each token of several texts in one batch: shorter texts padded on the left, positions counted from where
 * each begins, and the columns given in runs of those lengths, each with the cache that the one before left. `keep`: of
 * the last so many columns of each run only; 0 of all.
 */
export async function cachedRun(
  file: ModelFile,
  texts: readonly (readonly number[])[],
  runs: readonly number[],
  keep = 0,
): Promise<readonly (readonly Float32Array[])[]> {
  const width = Math.max(...texts.map(({ length }) => length));
  const lead = texts.map(({ length }) => width - length);
  const columns = (of: (row: number, column: number) => number, from: number, to: number): TensorData =>
    int64(texts.map((_, row) => Array.from({ length: to - from }, (__, i) => of(row, from + i))));
  let caches = emptyCaches(file, texts.length);
  const rows: Float32Array[][] = texts.map(() => []);
  let from = 0;
  for (const count of runs) {
    const to = from + count;
    const present = Object.keys(caches).map((name) => name.replace(cacheNames.pastPrefix, "present."));
    const results = await file.run(
      {
        ...caches,
        input_ids: columns((row, at) => texts[row]?.[at - lead[row]] ?? 0, from, to),
        position_ids: columns((row, at) => Math.max(0, at - lead[row]), from, to),
        num_logits_to_keep: { data: BigInt64Array.of(BigInt(keep)), dims: [] },
        attention_mask: columns((row, at) => (at < lead[row] ? 0 : 1), 0, to),
      },
      ["logits", ...present],
    );
    const { data, dims } = results["logits"] as TensorData;
    if (!(data instanceof Float32Array)) throw new TypeError("logits are float32");
    rows.forEach((row, r) => {
      const first = to - dims[1];
      for (let at = Math.max(first, lead[r]); at < to; at++) {
        const start = (r * dims[1] + at - first) * dims[2];
        row.push(data.subarray(start, start + dims[2]));
      }
    });
    caches = Object.fromEntries(Object.keys(caches).map((name, i) => [name, results[present[i] ?? ""] as TensorData]));
    from = to;
  }
  return rows;
}

function emptyCaches({ inputs }: ModelFile, batch: number): Record<string, TensorData> {
  const caches = inputs.filter(({ name }) => name.startsWith(cacheNames.pastPrefix));
  return Object.fromEntries(
    caches.map(({ name, type, shape: [, kvHeads, , headDim] }) => {
      const data = type === "float16" ? new Uint16Array() : new Float32Array();
      return [name, { data, dims: [batch, Number(kvHeads), 0, Number(headDim)] }];
    }),
  );
}
