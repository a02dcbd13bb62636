import { AppError } from "@espalier/contracts";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { mul } from "./builder/expressions.js";
import { GraphBuilder } from "./builder/graph-builder.js";
import { checkFeeds } from "./feed-checks.js";
import type { FinishedGraph } from "./finished-graph.js";
import { holdFloat16AsBits } from "./float16-bits.js";
import type { Feeds, Results, TensorArray, TensorData } from "./tensor.js";

/** Where graphs can run. */
export const executionProviders = ["cpu", "webgpu", "cuda"] as const;
/** One of them; which of them are there depends on the machine. */
export type ExecutionProvider = (typeof executionProviders)[number];

/** How a session runs. */
export interface SessionOptions {
  /** Default "cpu". */
  readonly provider?: ExecutionProvider;
  /** Threads inside an operation. Default 1: several compute children share a machine. */
  readonly threads?: number;
}

/** A graph ready to run. `run` blocks the event loop for its whole duration: use it in a compute child. */
export interface GraphSession {
  readonly graph: FinishedGraph;
  /**
   * Runs once. Feeds are not copied. Throws RangeError or TypeError for an unknown or missing name, a wrong element
   * type or wrong dimensions. `fetch` limits what is copied back, not what is computed.
   */
  run(feeds: Feeds, fetch?: readonly string[]): Promise<Results>;
  /** Gives the session's memory back; it cannot run afterwards. */
  release(): Promise<void>;
}

/** A model file that is open to run, ours or not. `run` blocks as {@link GraphSession}'s does, and checks no feeds. */
export interface ModelFile {
  readonly inputs: readonly ModelFileInput[];
  run(feeds: Feeds, fetch: readonly string[]): Promise<Results>;
  release(): Promise<void>;
}

/** What a model file says of one of its inputs. */
export interface ModelFileInput {
  readonly name: string;
  /** ONNX Runtime's name of the element type. */
  readonly type: string;
  /** Names stand for sizes that are known at run time only. */
  readonly shape: readonly (number | string)[];
}

type Runtime = typeof import("onnxruntime-node");

/** Loaded at the first session: the native library takes tens of milliseconds, and importing the package costs nothing. */
async function loadRuntime(): Promise<Runtime> {
  const runtime = await import("onnxruntime-node");
  holdFloat16AsBits(() => new runtime.Tensor("float16", new Uint16Array(1), [1]));
  runtime.env.logLevel = "fatal"; // of what happens outside a session, such as looking for a provider's library
  return runtime;
}

/** Silences the runtime's own log, fatal errors excepted: what goes wrong reaches us as exceptions. */
const LOG_FATAL_ONLY = 4;

/** Whether an execution provider is there. */
export interface ProviderProbe {
  readonly provider: ExecutionProvider;
  /** Why no session opens, in the runtime's words; undefined where one does. */
  readonly problem: string | undefined;
}

/** Opens a small session on each execution provider; may take seconds (GPU start-up). */
export async function probeProviders(): Promise<readonly ProviderProbe[]> {
  const g = new GraphBuilder("probe");
  const x = g.input("x", "float32", ["B"]);
  const probe = g.finish({ y: mul(g, x, x) });
  const probes: ProviderProbe[] = [];
  for (const provider of executionProviders) {
    try {
      await (await createSession(probe, { provider })).release();
      probes.push({ provider, problem: undefined });
    } catch (error) {
      probes.push({ provider, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return probes;
}

/** Execution providers on which a session really opens on this machine. */
export async function listProviders(): Promise<readonly ExecutionProvider[]> {
  return (await probeProviders()).flatMap(({ provider, problem }) => (problem === undefined ? [provider] : []));
}

/** Opens a session on a graph. Throws AppError EXECUTION_PROVIDER_UNAVAILABLE, naming the providers that are there. */
export async function openSession(graph: FinishedGraph, options: SessionOptions = {}): Promise<GraphSession> {
  const session = await createSession(graph, options).catch((error: unknown) => explain(error, options));
  return {
    graph,
    run: async (feeds, fetch) => {
      checkFeeds(graph, feeds);
      return runSession(session, feeds, fetch ?? session.outputNames);
    },
    release: () => session.release(),
  };
}

/**
 * Opens a model file and what lies beside it. Throws what the runtime throws for a file that it cannot read, and AppError
 * EXECUTION_PROVIDER_UNAVAILABLE.
 */
export async function openModelFile(path: string, options: SessionOptions = {}): Promise<ModelFile> {
  const { InferenceSession } = await loadRuntime();
  const opened = InferenceSession.create(path, { ...sessionSettings(options), graphOptimizationLevel: "all" });
  const session = await opened.catch((error: unknown) => explain(error, options));
  return {
    inputs: session.inputMetadata.flatMap((input) => (input.isTensor ? [input] : [])),
    run: (feeds, fetch) => runSession(session, feeds, fetch),
    release: () => session.release(),
  };
}

/** Throws why a session did not open: the provider is not there, or what the runtime said. */
async function explain(error: unknown, { provider = "cpu" }: SessionOptions): Promise<never> {
  const there = await listProviders();
  if (there.includes(provider)) throw error;
  const message = `The execution provider '${provider}' is not available here. Choose one of: ${there.join(", ")}.`;
  throw new AppError("EXECUTION_PROVIDER_UNAVAILABLE", message, { cause: error });
}

async function runSession(session: InferenceSession, feeds: Feeds, fetch: readonly string[]): Promise<Results> {
  const { Tensor } = await loadRuntime();
  const tensors = Object.entries(feeds).map(([name, tensor]) => [name, toTensor(Tensor, tensor)]);
  const results = await session.run(Object.fromEntries(tensors), fetch);
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromTensor(name, tensor)]));
}

async function createSession(graph: FinishedGraph, options: SessionOptions): Promise<InferenceSession> {
  const { InferenceSession } = await loadRuntime();
  const float64 = graph.inputs.some(({ dtype }) => dtype === "float64");
  return InferenceSession.create(graph.bytes, {
    ...sessionSettings(options),
    // Higher levels put float32-only fused operations into float64 graphs.
    graphOptimizationLevel: float64 ? "basic" : "all",
  });
}

const sessionSettings = ({ provider = "cpu", threads = 1 }: SessionOptions): InferenceSession.SessionOptions => ({
  executionProviders: [provider],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: LOG_FATAL_ONLY,
});

function toTensor(TensorClass: Runtime["Tensor"], { data, dims }: TensorData): Tensor {
  if (data instanceof Float32Array) return new TensorClass("float32", data, dims);
  if (data instanceof Float64Array) return new TensorClass("float64", data, dims);
  if (data instanceof Uint16Array) return new TensorClass("float16", data, dims);
  return new TensorClass("int64", data, dims);
}

function fromTensor(name: string, { data, dims }: Tensor): TensorData {
  if (!isTensorArray(data)) throw new TypeError(`output '${name}' has an element type that our graphs do not have`);
  return { data, dims };
}

function isTensorArray(data: unknown): data is TensorArray {
  return [Float32Array, Float64Array, BigInt64Array, Uint16Array].some((of) => data instanceof of);
}
