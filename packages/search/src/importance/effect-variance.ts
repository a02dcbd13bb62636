import { kernelRow, kernelWidth } from "./cell-kernels.js";
import type { Cells } from "./cells.js";

/**
 * Local PED-ANOVA of one dimension (Watanabe, Bansal, Hutter, IJCAI 2023, theorem 1):
 * v = (γ'/γ)² · D_PE(p' ‖ p) with the Pearson divergence D_PE(p' ‖ p) = Σ p (p'/p − 1)², p' the density of the top
 * observations, p that of all, γ'/γ the top's share. It is the variance of P(top | value) over the values, so it lies
 * between 0 (values say nothing) and share · (1 − share) (values say all).
 *
 * Both densities are Parzen estimators with the same kernels, of the width that Scott's rule gives for the top: then
 * p'/p ≤ γ/γ' as for true densities, and an uneven spread of all observations alone adds nothing. Choices have no
 * neighbours: their kernels have no width.
 * @param top observations per cell among the top; `all` those of all, the top included.
 */
export function effectVariance({ edges }: Cells, top: Float64Array, all: Float64Array): number {
  const [topDensity, density] = edges === null ? [top, all] : smoothed(edges, top, all);
  const topTotal = top.reduce((sum, count) => sum + count, 0);
  const total = all.reduce((sum, count) => sum + count, 0);
  const share = topTotal / total;
  let divergence = 0;
  for (let k = 0; k < density.length; k++) {
    const p = density[k] / total;
    if (p > 0) divergence += p * (topDensity[k] / topTotal / p - 1) ** 2;
  }
  return share * share * divergence;
}

function smoothed(edges: Float64Array, top: Float64Array, all: Float64Array): [Float64Array, Float64Array] {
  const width = kernelWidth(top);
  const topDensity = new Float64Array(all.length);
  const density = new Float64Array(all.length);
  for (let cell = 0; cell < all.length; cell++) {
    if (all[cell] === 0) continue;
    const row = kernelRow(edges, cell, width);
    for (let k = 0; k < row.length; k++) {
      topDensity[k] += top[cell] * row[k];
      density[k] += all[cell] * row[k];
    }
  }
  return [topDensity, density];
}
