import type { Reporter, TestModule } from "vitest/node";

const testsOf = (module: TestModule) => [...module.children.allTests()];

/** A module that could not be loaded, or whose hooks failed, has no failed test, but it is a failure all the same. */
const failsWithoutTest = (module: TestModule): boolean =>
  module.state() === "failed" && testsOf(module).every((test) => test.result().state !== "failed");

/** Ends a run with one plain line, counted from the runner's own results: `N passed, N failed, N skipped`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      if (failsWithoutTest(module)) counts.failed++;
      for (const test of testsOf(module)) {
        const { state } = test.result();
        counts[state === "pending" ? "failed" : state]++;
      }
    }
    // After the other reporters' own endings, which are written in this same turn.
    process.once("exit", () => {
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    });
  }
}
