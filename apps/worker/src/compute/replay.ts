import { replayArtefact } from "@espalier/artefact";
import type { ReplayOutcome, ReplayProgress, ReplayRequest } from "@espalier/contracts";
import { serveOneTask } from "./one-task.js";
import { readVersions } from "./versions.js";

/** Main module of the process behind `espalier replay`. */
serveOneTask<ReplayRequest, ReplayOutcome, ReplayProgress>((request, step) =>
  replayArtefact({ ...request, versions: readVersions(), ...step }),
);
