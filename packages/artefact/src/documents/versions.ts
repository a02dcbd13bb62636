/** Versions that can change numbers: the same recipe on the same versions gives the same bytes. */
export interface Versions {
  readonly espalier: string;
  readonly onnxruntime: string;
  readonly node_major: number;
}
