import type { ExportProfile } from "@espalier/contracts";
import { gguf } from "./gguf/gguf.js";
import { native } from "./native.js";
import { onnx } from "./onnx/onnx.js";
import { padded } from "./padded.js";
import type { Profile } from "./profile.js";
import { uniform } from "./uniform.js";

/** All export profiles; a name of the contract without an entry does not compile. */
export const profileRegistry = { native, uniform, padded, gguf, onnx } as const satisfies Record<
  ExportProfile,
  Profile
>;
