import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { startStack } from "./harness/stack.js";

describe("row 13: SIGKILL of the whole embedded stack in mid-search", { timeout: 600_000 }, () => {
  it("goes on after a new start, and nothing is lost", async ({ annotate }) => {
    let stack = await startStack();
    try {
      const { id } = await stack.submit();
      const before = await stack.until(id, ({ trials }) => trials.completed + trials.pruned >= 2);
      await stack.kill();
      const start = performance.now();
      stack = await startStack(stack);
      const listening = performance.now() - start;
      const count = before.trials.completed + before.trials.pruned;
      await stack.until(id, ({ trials }) => trials.completed + trials.pruned > count);
      const searching = performance.now() - start;
      const seconds = [listening, searching].map((ms) => (ms / 1000).toFixed(1));
      await annotate(`answers ${seconds[0]} s after the new start, next result after ${seconds[1]} s`, "measured");
      expect(await stack.finished(id)).toMatchObject({ state: "succeeded", error: null, trials: { failed: 0 } });
      await expectInvariants(stack);
    } finally {
      await stack.close();
    }
  });
});
