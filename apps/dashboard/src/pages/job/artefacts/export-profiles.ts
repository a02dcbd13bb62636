import type { Export } from "@espalier/client";

export type Profile = Export["profile"];

/** Forms of an export, and who reads each. */
export const profileNotes: Readonly<Record<Profile, string>> = {
  native: "any plan, smallest files; for Espalier's own reader",
  uniform: "a plain folder of the family, for transformers; needs equal layers",
  padded: "any plan as a plain folder, narrow layers filled with zeros; for transformers",
  gguf: "any plan, for llama.cpp; F16 and Q8_0",
  onnx: "any plan, for transformers.js and onnxruntime; fp32, fp16 and q8",
};

export const profiles = Object.keys(profileNotes) as readonly Profile[];
