import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DecoderShape } from "@espalier/contracts";
import type { TensorToWrite } from "@espalier/model";
import type { Repair } from "../compensation/index.js";
import { exists } from "../statistics/atomic-file.js";
import { openTensors, readStored, writeTensors } from "../statistics/shard-file.js";
import type { Plan } from "../units/plan.js";
import { type UnitKind, unitKinds } from "../units/vectors.js";
import type { UnitEffects } from "./unit-effects.js";

/** Raised whenever stored effects change their meaning, names or layout: old ones are then measured anew. */
const EFFECTS_PROTOCOL = 1;

/** Everything that effects are a function of, besides the profile in whose folder they lie. */
export interface EffectsIdentity extends Repair {
  readonly plan: Plan;
  /** Weight of a sample of each calibration cluster, where they differ. */
  readonly clusterWeights?: Float64Array | undefined;
}

/** Effects by content address in `<profile folder>/effects/`: a search that goes on, or is repeated, measures none twice. */
export interface EffectsStore {
  /** What is stored for a candidate, else what `measure` gives, which is stored. */
  effects(identity: EffectsIdentity, measure: () => Promise<UnitEffects>): Promise<UnitEffects>;
}

/** `profileFolder` must exist once effects are asked for. */
export function openEffectsStore(shape: DecoderShape, profileFolder: string): EffectsStore {
  const folder = join(profileFolder, "effects");
  return {
    async effects(identity, measure) {
      const path = join(folder, `${effectsKey(identity)}.safetensors`);
      if (await exists(path)) return await readEffects(shape, path);
      const measured = await measure();
      await mkdir(folder, { recursive: true });
      await writeTensors(path, tensorsOf(measured));
      return measured;
    },
  };
}

function effectsKey({ plan, compensation, lambda, clusterWeights }: EffectsIdentity): string {
  const weights = clusterWeights === undefined ? {} : { clusterWeights: [...clusterWeights] };
  const identity = { protocol: EFFECTS_PROTOCOL, compensation, lambda, ...weights };
  const hash = createHash("sha256").update(JSON.stringify(identity));
  for (const { kvGroups, channels, queryHeads } of plan.layers) {
    hash.update(`${kvGroups} ${channels}${queryHeads === undefined ? "" : ` ${queryHeads}`};`);
  }
  return hash.digest("hex");
}

const tensorName = (kind: UnitKind, layer: number, order: "first" | "second"): string =>
  `layers.${layer}.${kind}.${order}`;

function tensorsOf(effects: UnitEffects): TensorToWrite[] {
  return unitKinds.flatMap((kind) =>
    effects[kind].flatMap((layer, l) =>
      (["first", "second"] as const).map((order) => ({
        name: tensorName(kind, l, order),
        dtype: "F32" as const,
        shape: [layer[order].length],
        data: layer[order],
      })),
    ),
  );
}

async function readEffects(shape: DecoderShape, path: string): Promise<UnitEffects> {
  const tensors = await openTensors(path);
  const ofKind = (kind: UnitKind) =>
    Promise.all(
      shape.layers.map(async (_, layer) => ({
        first: await readStored(tensors, tensorName(kind, layer, "first")),
        second: await readStored(tensors, tensorName(kind, layer, "second")),
      })),
    );
  return { attention: await ofKind("attention"), mlp: await ofKind("mlp") };
}
