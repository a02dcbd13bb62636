import { type CalibrationRecord, calibrationView, type JobId } from "@espalier/contracts";
import { tiltByNll, weightClusters } from "@espalier/pruning";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterShares } from "../src/views/cluster-shares.js";
import { newJob, profileOutcome } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

/** Samples 0 … 5 by rising loss; clusters of 3, 2 and 1. */
const owners = [0, 0, 0, 1, 1, 2];
const losses = [1, 1.1, 1.2, 2, 2.1, 3];
const record: CalibrationRecord = {
  map: {
    explained: [0.5, 0.25],
    points: losses.map((nll, sample) => ({ sample, cluster: owners[sample] ?? 0, nll, x: sample, y: 0 })),
    clusters: [0, 1, 2].map((cluster) => {
      const members = losses.filter((_loss, sample) => owners[sample] === cluster);
      const mean_nll = members.reduce((sum, loss) => sum + loss, 0) / members.length;
      return { samples: members.length, mean_nll, x: cluster, y: 0, texts: [{ sample: 0, text: "Once" }] };
    }),
  },
  clustersByLoss: owners,
  neutral: { "cluster.0": 1, "cluster.1": 1, "cluster.2": 1, "cluster.temperature": 0 },
};

describe("what clusters count in a trial", () => {
  it("is what the trial weighs their samples by", () => {
    const weight = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(weight, weight, weight), fc.double({ min: -4, max: 4, noNaN: true }), (weights, tilt) => {
        const profile = {
          clusters: Int32Array.from(owners),
          clusterCount: 3,
          observations: {
            nll: Float64Array.from(losses),
            embeddings: new Float64Array(0),
            dimension: 0,
            similarities: { attention: new Float64Array(0), mlp: new Float64Array(0), block: new Float64Array(0) },
          },
        };
        const { samples } = weightClusters(profile, tiltByNll(profile, weights, tilt));
        const params = Object.fromEntries(weights.map((value, cluster) => [`cluster.${cluster}`, value]));
        const shares = clusterShares(record, { ...params, "cluster.temperature": tilt });
        for (const cluster of [0, 1, 2]) {
          const counted = samples.reduce((sum, value, sample) => sum + (owners[sample] === cluster ? value : 0), 0);
          expect(shares[cluster]).toBeCloseTo(counted, 9);
        }
      }),
    );
  });

  it("is the share of the named samples where the trial names them", () => {
    const named = { ...record, neutral: { "sample.0": 0, "sample.1": 3, "sample.2": 4, "sample.3": 5 } };
    expect(clusterShares(named, {})).toEqual([0.25, 0.5, 0.25]);
    expect(clusterShares(named, { "sample.0": 5 })).toEqual([0, 0.5, 0.5]);
  });
});

describe("the calibration view", () => {
  const profiled = async (outcome: Partial<typeof profileOutcome>): Promise<JobId> => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob({ trials: 3 }));
    expect(await store().views.calibration(id)).toMatchObject({ missing: "not_profiled", clusters: [] });
    const claim = await jobs.claimStage(id, "profile", "w", 30);
    await jobs.settleProfile(id, claim?.epoch ?? -1, { ...profileOutcome, ...outcome });
    return id;
  };

  it("has the map, and no weights before the first trial", async () => {
    const id = await profiled({ calibration: record });
    const view = calibrationView.parse(await store().views.calibration(id));
    expect(view).toMatchObject({ missing: null, explained: [0.5, 0.25], searched: false, best_trials: 0 });
    expect(view.points).toEqual(record.map.points);
    expect(view.clusters.map(({ share, weight }) => [share, weight])).toEqual([
      [0.5, null],
      [2 / 6, null],
      [1 / 6, null],
    ]);
  });

  it("says what clusters count in the best trials", async () => {
    const space = [{ name: "cluster.2", type: "float", low: 0, high: 1 }] as const;
    const id = await profiled({ calibration: record, plan: { space: [...space], starts: [], given: [] } });
    const settled = (number: number, weight: number) =>
      store().sql(
        `INSERT INTO trials (job_id, number, state, score, params) VALUES ($1, $2::int, 'completed', $2::int, $3::jsonb)
         ON CONFLICT (job_id, number) DO UPDATE SET state = 'completed', score = $2::int, params = $3::jsonb`,
        [id, number, JSON.stringify({ "cluster.2": weight })],
      );
    await settled(0, 1);
    await settled(1, 0);
    const view = calibrationView.parse(await store().views.calibration(id));
    expect(view).toMatchObject({ searched: true, best_trials: 2 });
    expect(view.clusters[2]?.weight).toEqual({ mean: 1 / 12, min: 0, max: 1 / 6 });
  });

  it("says that a job of before has none, and that there is no such job", async () => {
    const id = await profiled({ calibration: null });
    expect(await store().views.calibration(id)).toMatchObject({ missing: "older_job", points: [] });
    await expect(store().views.calibration(newJob().id)).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
  });
});
