import { Readable, Writable } from "node:stream";
import fc from "fast-check";
import { serveAskTell } from "../../../apps/cli/src/ask-tell/serve.js";
import { accepted, type FuzzTarget, must, mustBeReadable } from "../fuzz-target.js";
import { changedBytes, changedJson } from "../mutate.js";

const settings = {
  space: [
    { name: "x", type: "float", low: 1e-3, high: 5, log: true },
    { name: "k", type: "int", low: 1, high: 64, step: 2 },
    { name: "mode", type: "categorical", choices: ["plain", null, 3, true] },
    { name: "y", type: "float", low: 0, high: 1, when: { mode: ["plain"] } },
  ],
  seed: 3,
  directions: ["minimize", "maximize"],
  sampler: "tpe",
  options: { preset: "optuna5", startupTrials: 1, candidates: 4, gamma: "square_root" },
};
const tell = { tell: { number: 0, values: [1.5, "Infinity"], constraints: [0], intermediate: [[1, 2]] } };
const later = [{ ask: true }, tell, { ask: true }, { tell: { number: 1, state: "failed" } }, { ask: true }];
const text = (value: unknown): string => JSON.stringify(value);
const rest = [settings, ...later].map(text).join("\n");
const lines = fc.constant(new TextEncoder().encode(rest));

const words = ["low", "high", "step", "log", "when", "options", '"Infinity"', '"ask"', '"tell"', '{"ask": true}'];

/** Before it the valid settings, so that a changed report meets an open trial. */
const changedTell = changedJson(fc.constant(tell), ["state", "number"]).map((line) =>
  Buffer.concat([Buffer.from(`${text(settings)}\n{"ask":true}\n`), line, Buffer.from('\n{"ask":true}')]),
);
const changedSettings = changedJson(fc.constant(settings), ["low", "high", "choices", "when", "candidates"]).map(
  (line) => Buffer.concat([line, Buffer.from(`\n${later.map(text).join("\n")}`)]),
);

async function conversation(input: Uint8Array): Promise<string> {
  let answers = "";
  const output = new Writable({
    write(chunk, _encoding, done) {
      answers += String(chunk);
      done();
    },
  });
  await serveAskTell(Readable.from([Buffer.from(input)]), output);
  return answers;
}

/** Lines of `espalier ask-tell`: every one is answered by one line of JSON, or by none, and the session goes on. */
export const askTell: FuzzTarget = {
  name: "ask-tell",
  inputs: fc.oneof(changedBytes(lines, words), changedTell, changedSettings),
  async check(input) {
    const answers = (await accepted(() => conversation(input))) ?? "";
    const list = answers.split("\n").slice(0, -1);
    must(list.length <= new TextDecoder().decode(input).split("\n").length, "more answers than lines");
    for (const answer of list) {
      const { error } = JSON.parse(answer) as { error?: unknown };
      if (error !== undefined) mustBeReadable(String(error));
    }
  },
};
