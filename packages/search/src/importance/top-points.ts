/**
 * Indexes of the points whose score is among the best `quantile`, at least `least` of them; every point that ties with
 * the last one belongs to them, so that the order of the points never matters. Lower scores are better.
 */
export function topPoints(scores: Float64Array, quantile: number, least: number): Int32Array {
  // Without the small number 0.1 · 70 would count 8.
  const wanted = Math.min(scores.length, Math.max(least, Math.ceil(quantile * scores.length - 1e-9)));
  const threshold = Float64Array.from(scores).sort()[wanted - 1];
  return Int32Array.from(scores.keys()).filter((i) => scores[i] <= threshold);
}
