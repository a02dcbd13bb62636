import { resolve } from "node:path";
import { isTerminal } from "@espalier/contracts";
import { Command } from "commander";
import { serviceOf, withConnection } from "../client/connection.js";
import { answerBar } from "../output/answer-bar.js";
import { printJson } from "../output/json.js";
import { writeReport } from "../report/write-report.js";

interface ReportFlags {
  readonly url: string;
  readonly output: string;
  readonly json: boolean;
}

/** `espalier report <job>` */
export function reportCommand(): Command {
  return withConnection(new Command("report"))
    .description("write a job's pages into one HTML file that opens without a server")
    .argument("<job>")
    .option("-o, --output <file>", "where to", "report.html")
    .option("--json", "print what was written as JSON", false)
    .action(async (id: string, flags: ReportFlags) => {
      const bar = answerBar();
      const path = resolve(flags.output);
      const report = writeReport(serviceOf(flags), id, path, bar.update);
      const { job, sizeBytes } = await report.finally(bar.stop);
      if (flags.json) return printJson({ job_id: id, state: job.state, path, size_bytes: sizeBytes });
      process.stdout.write(`${path} (${(sizeBytes / 1e6).toFixed(1)} MB)\n`);
      if (!isTerminal(job.state)) process.stderr.write(`The job is ${job.state}: the report shows it as it is now.\n`);
      return undefined;
    });
}
