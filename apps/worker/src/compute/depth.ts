import { cutDepth } from "@espalier/artefact";
import type { DepthOutcome, DepthProgress, DepthRequest } from "@espalier/contracts";
import { serveOneTask } from "./one-task.js";

/** Main module of the process behind `espalier depth`. */
serveOneTask<DepthRequest, DepthOutcome, DepthProgress>((request, step) =>
  cutDepth({ ...request, ...step, now: () => performance.now() }),
);
