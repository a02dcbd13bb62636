import type { DecoderShape } from "@espalier/contracts";
import { densePlan, type Plan } from "../units/index.js";

/** The plan that keeps everything but some blocks. */
export function withoutBlocks(shape: DecoderShape, dropped: readonly number[]): Plan {
  const nothing = { kvGroups: new Int32Array(0), channels: new Int32Array(0) };
  return { layers: densePlan(shape).layers.map((layer, l) => (dropped.includes(l) ? nothing : layer)) };
}
