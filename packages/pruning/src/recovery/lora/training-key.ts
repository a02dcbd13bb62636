import { createHash, type Hash } from "node:crypto";
import type { LoraRecovery } from "@espalier/contracts";
import type { RecoveryInput } from "../recovery.js";

/** SHA-256 (hex) of all that a training depends on: a checkpoint of another one must not be taken up. */
export function trainingKey({ pruned, training, validation, seed }: RecoveryInput, settings: LoraRecovery): string {
  const hash = createHash("sha256").update(JSON.stringify({ settings, seed, shape: pruned.shape }));
  for (const [name, data] of pruned.weights) addNumbers(hash.update(name), data);
  for (const window of training) addNumbers(hash, window);
  for (const { windows, weight } of validation) {
    hash.update(String(weight));
    for (const window of windows) addNumbers(hash, window);
  }
  return hash.digest("hex");
}

const addNumbers = (hash: Hash, { buffer, byteOffset, byteLength }: Float32Array | Int32Array): Hash =>
  hash.update(new Uint8Array(buffer, byteOffset, byteLength));
