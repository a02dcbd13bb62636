/** Euclidean norm; not finite where a number is not. */
export const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Scales a gradient to `longest` where it is longer, in place. */
export function clip(gradient: Float64Array, length: number, longest: number): void {
  if (length <= longest) return;
  for (let i = 0; i < gradient.length; i++) gradient[i] *= longest / length;
}
