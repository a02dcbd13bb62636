/**
 * Rows of q or k in the order of llama.cpp's rotary embedding. Hugging Face pairs row i of a head with row i + d/2;
 * llama.cpp, like the first Llama, pairs neighbours: its rows are 0, d/2, 1, d/2 + 1, …. Returns for each new row the
 * Hugging Face row that it holds.
 */
export function interleavedRows(heads: number, headDim: number): Int32Array {
  const half = headDim / 2;
  return Int32Array.from({ length: heads * headDim }, (_, row) => {
    const within = row % headDim;
    return row - within + (within % 2) * half + Math.floor(within / 2);
  });
}
