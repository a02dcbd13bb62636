import { Command } from "commander";
import { askTellCommand } from "./commands/ask-tell.js";
import { depthCommand } from "./commands/depth.js";
import { doctorCommand } from "./commands/doctor.js";
import { estimateCommand } from "./commands/estimate.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { exportCommand } from "./commands/export.js";
import { fetchCommand } from "./commands/fetch.js";
import { importanceCommand } from "./commands/importance.js";
import { cancelCommand, deleteCommand, finishCommand, pauseCommand, resumeCommand } from "./commands/job-moves.js";
import { jobsCommand } from "./commands/jobs.js";
import { keysCommand } from "./commands/keys.js";
import { pruneCommand } from "./commands/prune.js";
import { pullCommand } from "./commands/pull.js";
import { replayCommand } from "./commands/replay.js";
import { reportCommand } from "./commands/report.js";
import { submitCommand } from "./commands/submit.js";
import { trialsCommand } from "./commands/trials.js";
import { upCommand } from "./commands/up.js";
import { watchCommand } from "./commands/watch.js";
import { webhooksCommand } from "./commands/webhooks.js";

const commands = [
  upCommand,
  pruneCommand,
  fetchCommand,
  replayCommand,
  depthCommand,
  estimateCommand,
  submitCommand,
  watchCommand,
  jobsCommand,
  trialsCommand,
  importanceCommand,
  exportCommand,
  evaluateCommand,
  pullCommand,
  reportCommand,
  pauseCommand,
  resumeCommand,
  finishCommand,
  cancelCommand,
  deleteCommand,
  keysCommand,
  webhooksCommand,
  askTellCommand,
  doctorCommand,
];

/** The whole command line; nothing runs until it is parsed. */
export function buildProgram(): Command {
  const program = new Command("espalier")
    .description("Search for the best way to prune a language model.")
    .showHelpAfterError("(add --help for what there is)");
  for (const make of commands) program.addCommand(make());
  const stopOnBadUsage = (command: Command) => {
    command.exitOverride();
    command.commands.forEach(stopOnBadUsage);
  };
  stopOnBadUsage(program);
  return program;
}
