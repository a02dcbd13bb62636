import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { linesOf } from "../src/ask-tell/lines.js";

const command = fileURLToPath(new URL("../bin/espalier.js", import.meta.url));
const start = (): ChildProcessWithoutNullStreams => spawn(process.execPath, [command, "ask-tell"]);

/** Writes a line, or a text as it is, and reads the line that answers it. */
function conversation(child: ChildProcessWithoutNullStreams) {
  const lines = linesOf(child.stdout);
  return {
    say: (line: unknown) => child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`),
    async hear(): Promise<Record<string, unknown>> {
      const { value } = await lines.next();
      return JSON.parse(String(value)) as Record<string, unknown>;
    },
  };
}

const space = [
  { name: "x", type: "float", low: -5, high: 5, log: false, step: null },
  { name: "k", type: "int", low: 1, high: 64, log: true, step: 1 },
  // The second choice holds a line separator, which JSON allows as it is.
  { name: "mode", type: "categorical", choices: ["plain", "odd\u2028one", 3] },
];

describe("espalier ask-tell, the built command", () => {
  it("runs a search over its pipes, line by line, whatever is said in between", async () => {
    const child = start();
    const { say, hear } = conversation(child);
    const asked = async (line: unknown) => {
      say(line);
      return hear();
    };
    expect(await asked("what?")).toMatchObject({ error: expect.stringMatching(/not JSON/) });
    expect(await asked({ space: [{ name: "x" }] })).toMatchObject({ error: expect.stringMatching(/space\[0\].*'x'/) });
    expect(await asked({ space, options: { gama: 1 } })).toMatchObject({
      error: expect.stringMatching(/no option 'gama'; there are preset,.*, localShare$/),
    });
    say({ space, seed: 1, directions: ["minimize"], sampler: "tpe", options: { preset: "optuna5", candidates: 12 } });
    let best = Infinity;
    for (let n = 0; n < 40; n++) {
      const { number, params } = (await asked({ ask: true })) as { number: number; params: Record<string, unknown> };
      expect(number).toBe(n);
      expect(space[2]?.choices).toContain(params["mode"]);
      const value = (Number(params["x"]) - 1) ** 2 + (params["mode"] === 3 ? 0 : 1) + Math.log(Number(params["k"]));
      best = Math.min(best, value);
      if (n === 7) {
        expect(await asked('{"tell": {"number": 7, "values": [NaN]}}')).toMatchObject({
          error: expect.stringMatching(/"state": "failed"/),
        });
        expect(await asked({ tell: { number: 99, values: [1] } })).toEqual({
          error: "trial 99 was never asked; open: 7",
        });
        expect(await asked({ tell: { number: 7, values: ["NaN"] } })).toEqual({ ok: true });
        continue;
      }
      const report = n === 9 ? { state: "pruned", intermediate: [[1, value]], values: null } : { values: [value] };
      expect(await asked({ tell: { number: n, ...report } })).toEqual({ ok: true });
    }
    expect(best).toBeLessThan(2);
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("answers a batch with several directions, without a newline at its end", async () => {
    const child = start();
    const { hear } = conversation(child);
    const lines = [{ space, directions: ["minimize", "maximize"] }, { ask: true }, { ask: true }];
    const told = { tell: { number: 1, values: [1, "Infinity"], constraints: [0.5] } };
    child.stdin.end([...lines, told].map((line) => JSON.stringify(line)).join("\n"));
    expect(await hear()).toMatchObject({ number: 0 });
    expect(await hear()).toMatchObject({ number: 1 });
    expect(await hear()).toEqual({ ok: true });
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("ends quietly when nobody reads its answers any more", async () => {
    const child = start();
    const complaints: unknown[] = [];
    child.stderr.on("data", (chunk) => complaints.push(chunk));
    child.stdin.on("error", () => {}); // the pipe's other end goes away, which is the point
    const { say, hear } = conversation(child);
    say({ space });
    say({ ask: true });
    await hear();
    child.stdout.destroy();
    const exit = once(child, "exit");
    say({ ask: true });
    expect(await exit).toEqual([0, null]);
    expect(complaints).toEqual([]);
  });
});
