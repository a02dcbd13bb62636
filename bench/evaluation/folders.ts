import { execFile } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { EvaluateOutcome } from "@espalier/contracts";
import { printResult } from "../result-line.js";

/**
 * Zero-shot tasks, latency and memory of a dense folder and one cut from it, by `espalier evaluate`: a line for each, with
 * the machine's load before and after. `npm run bench -- evaluation/folders DENSE PRUNED TASK_FILE,… [LIMIT]`.
 */
const [dense, pruned, tasks, limit = "100"] = process.argv.slice(2);
if (dense === undefined || pruned === undefined || tasks === undefined) {
  throw new TypeError("give a dense folder, a pruned one, and task files separated by commas");
}
const cli = fileURLToPath(new URL("../../apps/cli/bin/espalier.js", import.meta.url));
const before = loadavg()[0];
const asked = ["--tasks", tasks, "--task-limit", limit, "--latency", "--latency-rounds", "60", "--threads", "1"];
const { stdout } = await promisify(execFile)(
  process.execPath,
  [cli, "evaluate", "--against", dense, "--model", pruned, ...asked, "--json"],
  { maxBuffer: 1 << 26 },
);
const { models }: EvaluateOutcome = JSON.parse(stdout);
for (const [i, { model, parameters, tasks: results, latency }] of models.entries()) {
  printResult({
    bench: "evaluation/folders",
    model: i === 0 ? model : `pruned (${model})`,
    parameters,
    tasks: results.map(({ task, items, metrics }) => ({ task, items, metrics })),
    latency,
    load: { before, after: loadavg()[0] },
  });
}
