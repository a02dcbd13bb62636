import { describe, expect, it } from "vitest";
import { generateText } from "../src/index.js";
import { modelPath } from "./support/export-context.js";

describe("generated text", () => {
  it("continues the prompt, the same way every time", async () => {
    const input = { modelPath, prompt: "Once upon a time", tokens: 24 };
    const text = await generateText(input);
    expect(text).toMatch(/^\s*Once upon a time, there was a/);
    expect(await generateText(input)).toBe(text);
  });

  it("refuses a prompt that leaves no room", async () => {
    await expect(generateText({ modelPath, prompt: "word ".repeat(600), tokens: 4 })).rejects.toThrow(/no room/);
  });
});
