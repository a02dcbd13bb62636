import { sameShape } from "../builder/value.js";
import { broadcastShape, expectShape } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/** The first value repeated until it has the second one's shape; the second one's numbers are not read. */
export const expandLike: OpDefinition<NoAttributes> = {
  infer: ([x, like]) => {
    const shape = broadcastShape(like, x);
    if (!sameShape(shape, like.shape)) expectShape(like, shape);
    return [{ dtype: x.dtype, shape: like.shape }];
  },
  lower: ({ inputs: [x, like], outputs: [y] }, onnx) => {
    onnx.node("Expand", [x.name, onnx.node("Shape", [like.name])], { outputs: [y.name] });
  },
};
