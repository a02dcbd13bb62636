import { AppError } from "@espalier/contracts";
import { jobCost } from "@espalier/pruning";
import { atModel } from "./at-model.js";
import { checkMemory } from "./check-memory.js";
import { checkProfile } from "./check-profile.js";
import { makeJobInspection } from "./inspect-job.js";
import { listedCorpora, listedViews } from "./inventory.js";
import { BEAT, type CarriedError, type Reply, type Request } from "./messages.js";

const BEAT_EVERY_MS = 500;

const inspectJob = makeJobInspection();

const carried = (error: unknown): CarriedError => {
  if (error instanceof AppError) return { code: error.code, message: error.message, errors: error.errors };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error), errors: [] };
};

const answer = async (request: Request) => {
  switch (request.task) {
    case "job":
      return atModel(request.question, async () => {
        const { spec, shape } = await inspectJob(request.question, request.roots);
        checkMemory(spec, shape, request.memory);
        return spec;
      });
    case "estimate":
      return atModel(request.question, async () => {
        const { spec, shape } = await inspectJob(request.question, request.roots);
        return { spec, cost: jobCost(shape, spec, request.memory.profileMode) };
      });
    case "profile":
      return checkProfile(request.question, request.roots);
    case "models":
      return listedViews(request.roots);
    case "corpora":
      return listedCorpora(request.roots.corpora);
    default: {
      const impossible: never = request;
      throw new TypeError(`unknown task ${JSON.stringify(impossible)}`);
    }
  }
};

// The child of `host.ts`: it ends with its parent, or when the parent kills it.
process.on("disconnect", () => process.exit());
process.send?.(BEAT);
setInterval(() => process.send?.(BEAT), BEAT_EVERY_MS).unref();
process.on("message", async (request: Request) => {
  const reply: Reply = await answer(request).then(
    (value) => ({ ok: true, answer: value }),
    (error: unknown) => ({ ok: false, error: carried(error) }),
  );
  process.send?.(reply);
});
