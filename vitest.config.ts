import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig, mergeConfig } from "vitest/config";
import { slowTests } from "./tests/faults/rows.js";

/** What all runs have in common. */
export const shared = defineConfig({
  resolve: {
    // Tests read the sources, so a failing line is the line in the editor; processes they start run the build.
    alias: [
      {
        find: /^@espalier\/([a-z]+)$/,
        replacement: fileURLToPath(new URL("./packages/$1/src/index.ts", import.meta.url)),
      },
    ],
  },
  test: {
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

/** `npm test`; of the fault table only the rows that are fast. */
export default mergeConfig(shared, {
  test: {
    // Files wait for the processes that they start more than they compute: two at once, also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...slowTests],
    reporters: ["default", "./tests/summary-reporter.ts"],
  },
});
