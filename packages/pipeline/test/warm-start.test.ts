import { randomBytes } from "node:crypto";
import { createJobBody, type JobId, type JobSpec, newJobId } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProfileModel, makeSubmitJob, type Params, type ProfileOutcome, type SearchPlan } from "../src/index.js";
import { denseModel as dense } from "./support/dense-model.js";

const plan: SearchPlan = {
  space: [
    { name: "x", type: "float", low: 0, high: 1 },
    { name: "y", type: "float", low: 0, high: 1 },
  ],
  starts: [
    { x: 0.5, y: 0 },
    { x: 0.6, y: 0 },
  ],
  given: [{ params: { x: 0.5, y: 0 }, score: 3 }],
};
const profile: ProfileOutcome = {
  plan,
  neutral: { x: 0, y: 0, lambda: 1 },
  dense,
  baselines: [],
  profileSeconds: 1,
  statisticsKey: "5".repeat(64),
  calibration: null,
};

let store: Store;
beforeAll(async () => {
  const { url } = await startTestDatabase();
  store = openStore({ databaseUrl: url, encryptionKey: randomBytes(32) });
});
afterAll(() => store?.close());

interface Wishes {
  readonly model?: string;
  readonly warm_start?: JobId;
  readonly space?: Readonly<Record<string, number>>;
  readonly refinement?: number;
}

const bodyOf = ({ model = "a", warm_start, space = {} }: Wishes) =>
  createJobBody.parse({
    model: { path: model },
    calibration: { corpus: "c.txt" },
    target: { sparsity: 0.2 },
    search: { trials: 9, warm_start, space },
  });

function specOf({ refinement = 0, ...wishes }: Wishes): JobSpec {
  const { webhooks: _, ...body } = bodyOf(wishes);
  const split = { corpus: "c.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
  return {
    ...body,
    search: { ...body.search, refinement, racing: false },
    calibration: split,
    scoring: [{ ...split, weight: 1 }],
    report: split,
    target: { ...body.target, sparsity: [0.2] },
  };
}

/** Submits a job and runs its profile with arithmetic in place of the compute child. */
async function profiledJob(wishes: Wishes, outcome: ProfileOutcome = profile): Promise<JobId> {
  const queue = { enqueue: async () => undefined };
  const inspect = async () => specOf(wishes);
  const submit = makeSubmitJob({ inspect, jobs: store.jobs, queue, newSecret: () => "" });
  const { id } = await submit(bodyOf(wishes));
  const profileModel = makeProfileModel({
    jobs: store.jobs,
    compute: { profile: async () => outcome },
    queue,
    worker: { owner: "w", leaseSeconds: 30, shutdown: new AbortController().signal },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  await profileModel({ job_id: id });
  return id;
}

interface Played {
  readonly params: Params;
  readonly score: number;
  readonly origin?: "sampler" | "refinement";
}

/** A job that scored these points and was then cancelled. */
async function earlierJob(wishes: Wishes, trials: readonly Played[]): Promise<JobId> {
  const id = await profiledJob(wishes);
  for (const [number, { params, score, origin = "sampler" }] of trials.entries()) {
    const claim = await store.trials.claim(id, number, "w", 30);
    const epoch = claim?.epoch ?? -1;
    await store.trials.propose(id, number, epoch, { params, origin, rival: null });
    await store.trials.settle(id, number, epoch, { state: "completed", score, results: [], durationSeconds: 1 });
  }
  await store.jobs.cancel(id);
  return id;
}

async function planOf(wishes: Wishes, outcome?: ProfileOutcome): Promise<SearchPlan> {
  const { plan: stored } = (await store.jobs.get(await profiledJob(wishes, outcome))) ?? {};
  if (!stored) throw new Error("the job has no plan");
  return stored;
}

const results = [0.9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((x, index) => ({ params: { x, y: 1 }, score: index + 1 }));

describe("a search that starts from another job", () => {
  it("on the same model and texts is told its results, and tries the best one again", async () => {
    const earlier = await earlierJob({}, results);
    const { starts, given } = await planOf({ warm_start: earlier });
    expect(starts).toEqual([
      { x: 0.5, y: 0 },
      { x: 0.9, y: 1 },
      { x: 0.6, y: 0 },
    ]);
    expect(given).toEqual([...plan.given, ...results]);
  });

  it("of another model tries its five best points after its own best baseline, and is told nothing", async () => {
    const earlier = await earlierJob({ model: "b" }, results);
    const { starts, given } = await planOf({ warm_start: earlier });
    expect(starts.map(({ x }) => x)).toEqual([0.5, 0.9, 0.1, 0.2, 0.3, 0.4, 0.6]);
    expect(given).toEqual(plan.given);
  });

  it("is told nothing when the files have changed under their names", async () => {
    const earlier = await earlierJob({}, results);
    const changed = { ...profile, dense: { ...dense, scoring_perplexity: 5.1 } };
    expect((await planOf({ warm_start: earlier }, changed)).given).toEqual(plan.given);
  });

  it("leaves out refined plans where nothing is to be refined, and what the other job had fixed to something else", async () => {
    const [best, ...others] = results.map((result) => ({ ...result, origin: "sampler" as const }));
    const refined = { params: { x: 0.7, y: 1, exchange: "10" }, score: 0.5, origin: "refinement" as const };
    const earlier = await earlierJob({ space: { lambda: 0.1 } }, [refined, best ?? refined, ...others]);
    const { starts, given } = await planOf({ warm_start: earlier });
    expect(starts.map(({ x }) => x)).toEqual([0.5, 0.9, 0.1, 0.2, 0.3, 0.4, 0.6]);
    expect(given).toEqual(plan.given);
  });

  const refined = { params: { x: 0.7, y: 1, exchange: "10 5@37 5" }, score: 0.5, origin: "refinement" as const };
  const replays = (x: number, y: number): Params[] => ["10 5@37 5", "10 5@37"].map((exchange) => ({ x, y, exchange }));
  const firstStarts = async (wishes: Wishes) => (await planOf({ refinement: 0.5, ...wishes })).starts.slice(0, 6);

  it("replays the best refined plan on its own point, then on its own first start, before other points", async () => {
    const worse = { ...refined, params: { ...refined.params, exchange: "10" }, score: 0.6 };
    const earlier = await earlierJob({ model: "b" }, [...results.slice(0, 3), worse, refined]);
    const own = { x: 0.5, y: 0 };
    const expected = [own, ...replays(0.7, 1), ...replays(0.5, 0), { x: 0.9, y: 1 }];
    expect(await firstStarts({ warm_start: earlier })).toEqual(expected);
  });

  it("begins with its own first start where the other job's point is another here, and leaves out one outside the space", async () => {
    const unknown = { ...refined, params: { ...refined.params, z: 2 } };
    const elsewhere = await earlierJob({ model: "b" }, [...results.slice(0, 3), unknown]);
    const starts = await firstStarts({ warm_start: elsewhere });
    expect(starts.slice(1, 5)).toEqual([...replays(0.5, 0), ...replays(0.7, 1)]);
    const outside = { ...refined, params: { ...refined.params, x: 7 } };
    const far = await earlierJob({ model: "b" }, [...results.slice(0, 3), outside]);
    expect((await firstStarts({ warm_start: far })).slice(1, 4)).toEqual([...replays(0.5, 0), { x: 0.9, y: 1 }]);
  });

  it("replays nothing where refinement did not help there", async () => {
    const earlier = await earlierJob({}, [...results.slice(0, 3), { ...refined, score: 1.5 }]);
    expect((await planOf({ refinement: 0.5, warm_start: earlier })).starts).not.toContainEqual(
      expect.objectContaining({ exchange: expect.anything() }),
    );
  });

  it("can start from a job of which only refined plans completed", async () => {
    const earlier = await earlierJob({}, [refined]);
    expect((await firstStarts({ warm_start: earlier })).slice(1, 3)).toEqual(replays(0.7, 1));
  });

  it("is refused with a pointer when the job is unknown, unfinished or without a result", async () => {
    const unfinished = await profiledJob({});
    const empty = await earlierJob({}, []);
    for (const [warm_start, detail] of [
      [newJobId(), "There is no job"],
      [unfinished, "is searching"],
      [empty, "has no completed trial"],
    ] as const) {
      await expect(profiledJob({ warm_start })).rejects.toMatchObject({
        code: "VALIDATION_FAILED",
        errors: [{ pointer: "/search/warm_start", detail: expect.stringContaining(detail) }],
      });
    }
  });
});
