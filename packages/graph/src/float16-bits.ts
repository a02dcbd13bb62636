/** JavaScript's own float16 arrays, from Node 24 on. */
const NAME = "Float16Array";

/**
 * Makes the runtime hold float16 numbers as their bits on every Node. Where JavaScript has float16 arrays, ONNX Runtime
 * 1.30's tensors are made of them, but its native part reads them as empty. Its class of tensors looks for them once, when
 * the first tensor is made: `makeTensor`, which runs while they are hidden.
 */
export function holdFloat16AsBits(makeTensor: () => unknown): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, NAME);
  if (own === undefined) return;
  Reflect.deleteProperty(globalThis, NAME);
  try {
    makeTensor();
  } finally {
    Object.defineProperty(globalThis, NAME, own);
  }
}
