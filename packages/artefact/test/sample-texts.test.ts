import { loadTokenizer, storableText } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { sampleLines } from "../src/documents/sample-lines.js";
import { generateText, type SampleTextsRequest, sampleSteps, sampleTexts } from "../src/index.js";
import { exportContext, exportRequest, freePlan, modelPath } from "./support/export-context.js";

async function request(change: Partial<SampleTextsRequest> = {}): Promise<SampleTextsRequest> {
  const plan = freePlan();
  const context = await exportContext(plan);
  const { spec, winners, recovered } = exportRequest(context, plan, "unused");
  return { context, spec, winners, recovered, ...change };
}

describe("samples of text", () => {
  it("go on with beginnings of the report text as the dense model and the winner would, the same every time", async () => {
    const told: number[] = [];
    const asked = await request({ onProgress: ({ done }) => told.push(done) });
    const texts = await sampleTexts(asked);
    expect(texts.reason).toBeNull();
    expect(texts.samples).toHaveLength(3);
    expect(told).toEqual(Array.from({ length: sampleSteps(asked) }, (_, at) => at + 1));

    const windows = await asked.context.reportWindows();
    const tokenizer = await loadTokenizer(modelPath);
    const [{ prompt, continuations }] = texts.samples;
    expect(tokenizer.decode(windows[0])).toContain(prompt);
    expect(prompt, "begins a sentence").toMatch(/^\s*["“]?[A-Z]/);
    const [dense, pruned] = continuations;
    expect([dense.model, dense.sparsity, pruned.model, pruned.sparsity]).toEqual(["dense", 0, "trial 1", 0.2]);
    expect(dense.tokens).toBeGreaterThanOrEqual(48);
    expect(pruned.text).not.toBe(dense.text);
    expect(await sampleTexts(await request())).toEqual(texts);
  });

  it("are those of `generateText` where the prompt is the same", async () => {
    const { context, ...asked } = await request({ winners: [] });
    const tokenizer = await loadTokenizer(modelPath);
    const prompt = tokenizer.encode("Once upon a time, there was a little girl named", { bos: true });
    const texts = await sampleTexts({ ...asked, context: { ...context, reportWindows: async () => [prompt] } });
    const [{ prompt: shown, continuations }] = texts.samples;
    const [{ text, tokens }] = continuations;
    expect(shown + text).toBe(await generateText({ modelPath, prompt: shown, tokens }));
  });

  it("tell of the recovered weights where a winner was recovered", async () => {
    const plain = await request();
    const { context } = plain;
    const name = "model.norm.weight";
    const norm = context.weights.get(name);
    if (norm === undefined) throw new Error("the model has no last norm");
    const turned = new Map([[name, norm.map((value) => -value)]]);
    const outcome = {
      method: "lora",
      scoring_perplexity: 1,
      report_perplexity: 1,
      relative: 0,
      training: null,
    } as const;
    const recovered = [
      { weights: turned, losses: new Float64Array(), outcome: { ...outcome, interval: { low: 0, high: 0 } } },
    ];
    const [before, after] = [await sampleTexts(plain), await sampleTexts({ ...plain, recovered })];
    expect(after.samples[0].continuations[0]).toEqual(before.samples[0].continuations[0]);
    expect(after.samples[0].continuations[1]).not.toEqual(before.samples[0].continuations[1]);
  });

  it("are not written where that would take longer than measuring, and say so", async () => {
    const { context, ...asked } = await request();
    const shape = { ...context.shape, vocabSize: 1e9 };
    const texts = await sampleTexts({ ...asked, context: { ...context, shape } });
    expect(texts).toEqual({ samples: [], reason: expect.stringContaining("longer than measuring") });
  });

  it("end between tokens when they are no longer wanted", async () => {
    const stopped = AbortSignal.abort(new Error("enough"));
    await expect(sampleTexts(await request({ signal: stopped }))).rejects.toThrow("enough");
  });
});

it("text is what a database holds, whatever a model writes", () => {
  expect(storableText("a\0b\ud800c\udc00🙂")).toBe("a\ufffdb\ufffdc\ufffd🙂");
});

describe("a card's section on them", () => {
  const model = { name: "trial 1", sparsity: 0.2 };
  const continuation = { text: " one\n```\ntwo", tokens: 4, ended: false };

  it("holds dense and pruned text on one line each, whatever they contain", () => {
    const continuations = [
      { ...continuation, model: "dense", sparsity: 0 },
      { ...continuation, ...model, model: model.name },
    ];
    const lines = sampleLines({ samples: { samples: [{ prompt: "A\tday", continuations }], reason: null }, model });
    expect(lines).toContain("prompt:     A day");
    expect(lines).toContain("this model: one ``` two");
    expect(lines.filter((line) => line.startsWith("```"))).toHaveLength(2);
  });

  it("is absent where nothing was written", () => {
    expect(sampleLines({ samples: undefined, model })).toEqual([]);
    expect(sampleLines({ samples: { samples: [], reason: "too slow" }, model })).toEqual([]);
  });
});
