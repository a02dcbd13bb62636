/** How the units of one projection leave when every removal is followed by a refit. */
export interface Elimination {
  /** Units, first to leave first. */
  readonly order: Int32Array;
  /** Growth of the squared output error (summed over tokens, ridge included) in each step, along `order`. */
  readonly costs: Float64Array;
  /** Cost of each unit if it alone left, by unit index. */
  readonly oneShot: Float64Array;
}
