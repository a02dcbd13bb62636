import { AppError } from "@espalier/contracts";
import { makeJobInspection } from "./inspect-job.js";
import { listedCorpora, listedModels } from "./inventory.js";
import type { CarriedError, Reply, Request } from "./messages.js";

const inspectJob = makeJobInspection();

const carried = (error: unknown): CarriedError => {
  if (error instanceof AppError) return { code: error.code, message: error.message, errors: error.errors };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error), errors: [] };
};

const answer = async (request: Request) => {
  switch (request.task) {
    case "job":
      return inspectJob(request.question, request.roots);
    case "models":
      return listedModels(request.roots.models);
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
process.on("message", async (request: Request) => {
  const reply: Reply = await answer(request).then(
    (value) => ({ ok: true, answer: value }),
    (error: unknown) => ({ ok: false, error: carried(error) }),
  );
  process.send?.(reply);
});
