import { Command } from "commander";
import { serveAskTell } from "../ask-tell/serve.js";
import { optionNames, presetNames } from "../ask-tell/tpe-settings.js";

const help = `
One JSON object per line. First line, answered only if it is refused:
  {"space": [
     {"name": "x", "type": "float", "low": 1e-3, "high": 10, "log": true},
     {"name": "k", "type": "int", "low": 2, "high": 64, "step": 2},
     {"name": "norm", "type": "categorical", "choices": ["none", "rank"]}],
   "seed": 0, "directions": ["minimize"], "sampler": "tpe", "options": {}}
Only space is needed, the rest is as shown; sampler is tpe or random. A parameter with "when": {"norm": ["rank"]} exists
only where the categorical parameter norm has one of these choices. Then, one answer per line:
  {"ask": true}                                      {"number": 0, "params": {"x": 0.2, …}}
  {"tell": {"number": 0, "values": [1.5]}}           {"ok": true}
  {"tell": {"number": 1, "state": "failed"}}         {"ok": true}
  {"tell": {"number": 2, "state": "pruned", "intermediate": [[1, 3.2], [2, 2.9]]}}
values has one number per direction. A trial told with "constraints" above 0 breaks them by that much. Trials asked and
not told are running: later proposals keep away from them (option constantLiar). A line that cannot be followed is
answered by {"error": "…"}, changes nothing, and the next line is read. The same lines give the same answers.

Numbers: JSON has no infinities and no NaN; write "Infinity", "-Infinity" and "NaN" as text. Infinities are ordinary
results (worst or best). A result that is NaN makes the trial a failed one; a NaN constraint is refused; null instead of
a number is refused; a last intermediate value that is NaN ranks behind all others.

options: preset (${presetNames.join(", ")}) and changes of it by name:
${wrapped(optionNames.join(", "), 118)}
`;

/** Breaks a text at spaces into lines of a width, each indented by two. */
function wrapped(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length + 1 > width) lines.push(` ${word}`);
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => ` ${line}`).join("\n");
}

/** `espalier ask-tell` */
export function askTellCommand(): Command {
  return new Command("ask-tell")
    .description("propose trials to a program in any language: JSON lines on stdin and stdout")
    .addHelpText("after", help)
    .action(async () => {
      await serveAskTell(process.stdin, process.stdout);
    });
}
