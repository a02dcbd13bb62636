import { Command } from "commander";
import { type DepthFlags, depthFlags } from "../depth/depth-flags.js";
import { depthTable } from "../depth/depth-table.js";
import { runDepth } from "../depth/run-depth.js";
import { printJson } from "../output/json.js";

/** `espalier depth --model DIR --calibration FILE --out DIR` */
export function depthCommand(): Command {
  return depthFlags(new Command("depth"))
    .description("remove whole blocks, without a service, and compare ways to choose them")
    .action(async (flags: DepthFlags) => {
      const outcome = await runDepth(flags);
      if (flags.json) return printJson(outcome);
      process.stdout.write(`${depthTable(outcome, flags.out)}\n`);
      return undefined;
    });
}
