/** What a machine offers to other programs. */
export interface RuntimeMachine {
  readonly threads: number;
  /** A Python with torch and transformers, as the shell would find it or as a path. */
  readonly python: string | undefined;
  /** Ends processes that were started. */
  readonly signal?: AbortSignal;
}

/** A program that is not ours and runs our files. */
export interface Runtime {
  /** With its version, for people. */
  readonly name: string;
  /** Loads a model file. Throws what the runtime throws for one that it cannot read. */
  load(path: string): Promise<RuntimeModel>;
  close(): Promise<void>;
}

/** A model in such a program. */
export interface RuntimeModel {
  /** Ids of a text, without BOS. */
  tokenize(text: string): Promise<readonly number[]>;
  /** Logits after each of `positions` of a token sequence, each of the vocabulary's size. */
  logits(ids: readonly number[], positions: readonly number[]): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** Why a runtime is not there, in words for people, or the runtime. */
export type FoundRuntime = Runtime | { readonly missing: string };
