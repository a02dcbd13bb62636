import { readFile, rm, writeFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import { writeAtomically } from "../../statistics/atomic-file.js";
import type { TrainingState } from "./training-state.js";

/** Where a training is kept while it runs. */
export interface Checkpoint {
  /** Undefined: there is none of this training, or it cannot be read. */
  read(): Promise<TrainingState | undefined>;
  write(state: TrainingState): Promise<void>;
  remove(): Promise<void>;
}

/** A checkpoint that keeps nothing. */
const none: Checkpoint = {
  read: async () => undefined,
  write: async () => undefined,
  remove: async () => undefined,
};

/** One file that appears whole or not at all. `key` names the training: that of another one counts as none. */
export function openCheckpoint(path: string | undefined, key: string): Checkpoint {
  if (path === undefined) return none;
  return {
    async read() {
      try {
        const stored = deserialize(await readFile(path)) as { readonly key: string; readonly state: TrainingState };
        return stored.key === key ? stored.state : undefined;
      } catch {
        return undefined; // none, or of another version: the training begins again and gives the same result
      }
    },
    write: (state) => writeAtomically(path, (temporary) => writeFile(temporary, serialize({ key, state }))),
    remove: () => rm(path, { force: true }),
  };
}
