import { rm } from "node:fs/promises";
import type { TrialView } from "@espalier/contracts";
import { ApiClient } from "../client/api-client.js";
import { pullArtefact } from "../client/pull-artefact.js";
import { watchJob } from "../client/watch-job.js";
import { assertSucceeded } from "../commands/assert-succeeded.js";
import { hubVariables } from "../hub/hub-variables.js";
import { defaultProgressStyle } from "../output/job-progress.js";
import { warnOfParallelism } from "../output/parallelism-warning.js";
import { defaultDataDir } from "../stack/default-data-dir.js";
import { type EmbeddedStack, startEmbeddedStack } from "../stack/embedded-stack.js";
import { interrupted } from "../stack/on-interrupt.js";
import { makeScratchDir } from "../stack/scratch-dir.js";
import { pruneJobBody } from "./job-body.js";
import { localPaths } from "./local-paths.js";
import type { PruneFlags } from "./prune-flags.js";
import { pruneModel } from "./prune-model.js";
import { pruneResult } from "./result.js";

/** Runs one job on a throw-away stack and leaves nothing behind but the artefact in `--out`. */
export async function runPrune(flags: PruneFlags) {
  const { source, roots } = pruneModel(flags);
  const corpora = localPaths(
    "corpus",
    [flags.calibration, ...(flags.scoring ?? []).map(({ file }) => file), flags.report, ...(flags.tasks ?? [])].filter(
      (path) => path !== undefined,
    ),
  );
  const body = pruneJobBody(flags, source, corpora);
  warnOfParallelism(flags);
  const dataDir = await makeScratchDir("espalier-");
  let stack: EmbeddedStack | undefined;
  const cleanUp = async () => {
    await stack?.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  void interrupted().then(async () => {
    await cleanUp();
    process.exit(130);
  });
  try {
    stack = await startEmbeddedStack({
      dataDir,
      modelRoots: roots.length === 0 ? [dataDir] : roots,
      corpusRoots: corpora.roots,
      port: 0,
      threads: flags.threads,
      provider: flags.provider,
      passedOn: {
        api: hubVariables(defaultDataDir()),
        worker: { ...hubVariables(defaultDataDir()), ...machineVariables() },
      },
      durable: false,
    });
    const client = new ApiClient({ url: stack.url });
    const { job } = await client.submit(body);
    const finished = await watchJob(client, job.id, defaultProgressStyle());
    assertSucceeded(finished);
    await pullArtefact(client, job.id, flags.out);
    const trials: TrialView[] = [];
    for await (const trial of client.trials(job.id)) trials.push(trial);
    const comparison = await client.comparison(job.id);
    return { comparison, document: pruneResult(finished, comparison, trials, flags.out) };
  } finally {
    await cleanUp();
  }
}

/** What is a fact of the machine and no flag: a runtime to compare exports with, the precision that a device wants, a model that does not fit. */
function machineVariables(): Readonly<Record<string, string>> {
  const names = ["ESPALIER_PYTHON", "ESPALIER_WEIGHT_PRECISION", "ESPALIER_PROFILE"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
