import { join } from "node:path";
import { AppError } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import { loadTokenizer } from "@espalier/model";
import type { Profile } from "../profiles/profile.js";
import type { Runtime, RuntimeModel } from "../runtimes/runtime.js";
import type { SlicedModel } from "../slice/sliced-model.js";
import { compareLogits, type LogitComparison } from "./compare-logits.js";
import { slicedLogits } from "./sliced-logits.js";

/** What another runtime made of one file. */
export interface RuntimeResult extends LogitComparison {
  readonly file: string;
}

/** What is known of a written form in runtimes that are not ours. */
export type RuntimeCheck =
  | { readonly runtime: string; readonly results: readonly RuntimeResult[] }
  /** Nothing was run; why, as a sentence's end. */
  | { readonly missing: string };

export interface RuntimeCheckInput {
  readonly label: string;
  readonly folder: string;
  readonly profile: Profile;
  readonly sliced: SlicedModel;
  /** Folder of the source model, whose tokenizer the files carry. */
  readonly sourcePath: string;
  readonly linkRoots: readonly string[];
  /** Real text, token ids. */
  readonly window: Int32Array;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  /** A Python with torch and transformers, if the machine has one. */
  readonly python?: string;
  /** Ends the runtime where it is a process of its own. */
  readonly signal?: AbortSignal;
}

/** Tokens that are run, and at how many of them logits are looked at: 128,000 logits of one are a few MB. */
const [TOKENS, POSITIONS] = [128, 32];

/**
 * Loads the written files in the runtime of the profile, if one is on this machine, and compares tokens and logits with
 * those of the sliced model on real text. Throws AppError EXPORT_VERIFICATION_FAILED when they are not the same model.
 */
export async function checkRuntime(input: RuntimeCheckInput): Promise<RuntimeCheck> {
  const { profile } = input;
  if (profile.runtime === null) return { missing: "no other runtime reads this form" };
  input.signal?.throwIfAborted();
  const { threads = 1, python, signal } = input;
  const found = await profile.runtime.find({ threads, python, ...(signal === undefined ? {} : { signal }) });
  if ("missing" in found) return found;
  try {
    return { runtime: found.name, results: await resultsOf(found, input, profile.runtime.files) };
  } catch (error) {
    // A process that was ended says something else.
    signal?.throwIfAborted();
    throw error;
  } finally {
    await found.close();
  }
}

async function resultsOf(
  runtime: Runtime,
  input: RuntimeCheckInput,
  files: NonNullable<Profile["runtime"]>["files"],
): Promise<readonly RuntimeResult[]> {
  const ids = [...input.window.subarray(0, TOKENS)];
  const step = Math.ceil(ids.length / POSITIONS);
  const positions = [...ids.keys()].filter((at) => (ids.length - 1 - at) % step === 0);
  const every = await slicedLogits(input.sliced, ids, input);
  const ours = positions.map((at) => every[at]);
  const results: RuntimeResult[] = [];
  for (const { file, tolerance } of files) {
    const model = await load(runtime, input, file);
    try {
      await assertSameTokens(model, input, file);
      const compared = compareLogits(ours, await model.logits(ids, positions));
      // Negated: NaN fails.
      if (!(compared.largest <= tolerance * compared.span)) throw differs(runtime, input, file, compared, tolerance);
      results.push({ file, ...compared });
    } finally {
      await model.close();
    }
  }
  return results;
}

async function load(runtime: Runtime, { label, folder }: RuntimeCheckInput, file: string): Promise<RuntimeModel> {
  try {
    return await runtime.load(join(folder, file));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failed(`${label}: ${runtime.name} does not load '${file}' (${why})`, cause);
  }
}

async function assertSameTokens(model: RuntimeModel, input: RuntimeCheckInput, file: string): Promise<void> {
  const tokenizer = await loadTokenizer(input.sourcePath, { linkRoots: input.linkRoots });
  const text = tokenizer.decode(input.window);
  const [ours, theirs] = [[...tokenizer.encode(text, { bos: false })], await model.tokenize(text)];
  const at = ours.findIndex((id, i) => id !== theirs[i]);
  if (at < 0 && ours.length === theirs.length) return;
  const [here, there] = [ours[at], theirs[at]];
  throw failed(`${input.label}: '${file}' splits report text otherwise, token ${at} is ${there}, not ${here}`);
}

function differs(
  runtime: Runtime,
  { label }: RuntimeCheckInput,
  file: string,
  { largest, span }: LogitComparison,
  tolerance: number,
): AppError {
  const most = (tolerance * span).toPrecision(3);
  return failed(
    `${label}: logits of '${file}' in ${runtime.name} differ by up to ${largest.toPrecision(3)}, at most ${most}`,
  );
}

const failed = (what: string, cause?: unknown): AppError =>
  new AppError("EXPORT_VERIFICATION_FAILED", `${what}. Nothing was exported; report this.`, { cause });
