/** Profile and trials of one model on one execution provider. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionProvider } from "@espalier/graph";
import {
  densePlan,
  type ForwardPoolOptions,
  openForwardPool,
  openScorer,
  type Plan,
  type Profile,
  type ProfiledModel,
  profileModel,
} from "@espalier/pruning";

export interface PassInput {
  readonly model: ProfiledModel & { readonly weights: ReadonlyMap<string, Float32Array> };
  readonly calibration: readonly Int32Array[];
  readonly scoring: readonly Int32Array[];
  /** Candidates, scored one after another. */
  readonly plans: readonly Plan[];
}

/** What a provider computed, and how long it took. */
export interface Pass {
  readonly profile: Profile;
  readonly masked: ScoredPlans;
  readonly sliced: ScoredPlans;
  /** Matrices in float16; undefined where the device does not know it. */
  readonly half: ScoredPlans | undefined;
  readonly profileSeconds: number;
  close(): Promise<void>;
}

/** The dense model and all candidates on one kind of session. */
export interface ScoredPlans {
  /** NLL sum per scoring window, the dense model first. */
  readonly losses: readonly Float64Array[];
  /** Of the candidates. */
  readonly seconds: number;
}

/** Seconds that some work takes, and what it gives. */
async function timed<T>(work: () => Promise<T>): Promise<readonly [result: T, seconds: number]> {
  const from = performance.now();
  const result = await work();
  return [result, (performance.now() - from) / 1000];
}

/**
 * Runs both passes on a provider. One calibration cluster, so that every sum has the same samples on every provider. The
 * dense model is scored first, untimed: a GPU compiles its shaders then.
 */
export async function runPass(provider: ExecutionProvider, input: PassInput): Promise<Pass> {
  const { model, calibration } = input;
  const dataDir = await mkdtemp(join(tmpdir(), "espalier-gpu-"));
  await profileModel({ model, windows: calibration.slice(0, 1), dataDir, clusters: 1, provider });
  const [profile, profileSeconds] = await timed(() =>
    profileModel({ model, windows: calibration, dataDir, clusters: 1, provider }),
  );
  return {
    profile,
    profileSeconds,
    masked: await scoreAll(provider, input, { widths: "masked" }),
    sliced: await scoreAll(provider, input, { widths: "sliced" }),
    half: await scoreAll(provider, input, { weightPrecision: "half" }).catch(unlessNoHalf),
    close: () => rm(dataDir, { recursive: true, force: true }),
  };
}

async function scoreAll(
  provider: ExecutionProvider,
  { model: { shape, weights }, scoring, plans }: PassInput,
  options: Pick<ForwardPoolOptions, "widths" | "weightPrecision">,
): Promise<ScoredPlans> {
  const pool = openForwardPool({ shape, weights, provider, ...options });
  try {
    const scorer = await openScorer(pool, [{ windows: scoring, weight: 1 }]);
    const dense = await scorer.score({ plan: densePlan(shape) });
    const losses = [dense.windowLosses];
    const [, seconds] = await timed(async () => {
      for (const plan of plans) losses.push((await scorer.score({ plan })).windowLosses);
    });
    return { losses, seconds };
  } finally {
    await pool.close();
  }
}

function unlessNoHalf(error: unknown): undefined {
  if (!(error instanceof Error && error.message.includes("requires f16"))) throw error;
}
