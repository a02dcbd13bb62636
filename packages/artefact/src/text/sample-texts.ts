import type { DecoderShape, EvaluatedModel, JobSpec, TextSamples } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import { loadTokenizer, storableText } from "@espalier/model";
import { forwardOperations } from "@espalier/pruning";
import type { ArtefactWinner, ExportContext, RecoveredWinner } from "../artefact-request.js";
import { decoderWeights } from "../slice/decoder-weights.js";
import { sliceModel } from "../slice/slice-model.js";
import { choosePrompts } from "./choose-prompts.js";
import { openTextWriter } from "./text-writer.js";

/** Prompts, from windows spread over the report text, and the most tokens of each. */
const [PROMPTS, PROMPT_TOKENS] = [3, 24];
/** Tokens that a model goes on with. */
const NEW_TOKENS = 48;
/** Operations that samples of one model may always take: about a minute on two cores. */
const FREE_OPERATIONS = 1e12;

export interface SampleTextsRequest {
  readonly context: ExportContext;
  readonly spec: Pick<JobSpec, "report">;
  readonly winners: readonly ArtefactWinner[];
  /** In the order of the winners; empty for a job without recovery. */
  readonly recovered: readonly RecoveredWinner[];
  /** Folders that links inside the model's folder may lead into. */
  readonly linkRoots?: readonly string[];
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  /** Counts models. */
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void;
  /** Looked at between tokens; aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface SampledModel extends Pick<EvaluatedModel, "sparsity"> {
  readonly name: string;
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

type Continuation = TextSamples["samples"][number]["continuations"][number];

/** How many models `sampleTexts` counts. */
export const sampleSteps = ({ winners }: Pick<SampleTextsRequest, "winners">): number => 1 + winners.length;

/**
 * What the dense model and each winner, recovered where it was, write after the same beginnings of the report text. The
 * same request gives the same texts, on any machine that adds numbers alike: whether there are any depends on the amount
 * of work, not on its duration.
 */
export async function sampleTexts(request: SampleTextsRequest): Promise<TextSamples> {
  const { context, spec, winners, recovered, linkRoots = [], onProgress } = request;
  const { shape } = context;
  const length = Math.min(shape.maxPositions, PROMPT_TOKENS + NEW_TOKENS);
  if (isTooMuch(shape, spec, length)) return { samples: [], reason: TOO_MUCH };
  const tokenizer = await loadTokenizer(context.model.path, { linkRoots });
  const decode = (ids: readonly number[]): string => storableText(tokenizer.decode(ids));
  const most = Math.min(PROMPT_TOKENS, shape.maxPositions - 1);
  const prompts = choosePrompts(await context.reportWindows(), { count: PROMPTS, most, decode });
  const texts: (readonly Continuation[])[] = [];
  const write = async (model: SampledModel): Promise<void> => {
    texts.push(await continuationsOf(model, prompts, { request, decode, length }));
    onProgress?.({ done: texts.length, of: sampleSteps(request) });
  };
  await write({ name: "dense", sparsity: 0, shape, weights: context.weights });
  for (const [index, winner] of winners.entries()) await write(await slicedWinner(context, winner, recovered[index]));
  const samples = prompts.map((prompt, at) => ({
    prompt: decode(prompt),
    continuations: texts.map((ofModel) => ofModel[at]),
  }));
  return { samples, reason: null };
}

const TOO_MUCH = "Writing texts would take longer than measuring the model on the report text.";

/** Whether texts of so many tokens take more than the model's own measurement. */
function isTooMuch(shape: DecoderShape, { report }: SampleTextsRequest["spec"], length: number): boolean {
  const texts = forwardOperations(shape, length, PROMPTS * NEW_TOKENS * length);
  const measuring = forwardOperations(shape, report.sequence_length, report.windows * report.sequence_length);
  return texts > Math.max(FREE_OPERATIONS, measuring);
}

interface Writing {
  readonly request: SampleTextsRequest;
  readonly decode: (ids: readonly number[]) => string;
  /** Of a text with its prompt. */
  readonly length: number;
}

async function continuationsOf(
  { name, sparsity, shape, weights }: SampledModel,
  prompts: readonly (readonly number[])[],
  { request, decode, length }: Writing,
): Promise<readonly Continuation[]> {
  const { context, provider, threads, signal } = request;
  const { eosTokenIds } = context.model.config;
  const writer = await openTextWriter({
    ...{ shape, weights, eosTokenIds, length },
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const texts = await writer.write(prompts, signal);
    return texts.map((ids, at): Continuation => {
      const prompt = prompts[at];
      const text = after(decode(prompt), decode(ids)) ?? decode(ids.slice(prompt.length));
      return { model: name, sparsity, text, tokens: ids.length - prompt.length, ended: ids.length < length };
    });
  } finally {
    await writer.close();
  }
}

/** What follows the prompt in the whole text, its first space kept; undefined where joining changed the prompt's end. */
const after = (prompt: string, whole: string): string | undefined =>
  whole.startsWith(prompt) ? whole.slice(prompt.length) : undefined;

async function slicedWinner(
  context: ExportContext,
  { params, sparsity, trialNumber }: ArtefactWinner,
  recovered: RecoveredWinner | undefined,
): Promise<SampledModel> {
  const plan = await context.plan(params, sparsity);
  const compensated = await context.compensatedWeights(params, plan);
  const sliced = sliceModel({ config: context.model.config, weights: context.weights, plan, compensated });
  const weights = decoderWeights(sliced);
  for (const [name, data] of recovered?.weights ?? []) weights.set(name, data);
  return { name: `trial ${trialNumber}`, sparsity, shape: sliced.shape, weights };
}
