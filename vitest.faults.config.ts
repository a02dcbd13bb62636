import { mergeConfig } from "vitest/config";
import { faultRows, hostileRows } from "./tests/faults/rows.js";
import { shared } from "./vitest.config.js";

/** `npm run test:faults`: every row of the fault table and every test of hostile input, with a table at the end. */
export default mergeConfig(shared, {
  test: {
    include: [...new Set([...faultRows, ...hostileRows].flatMap(({ tests }) => tests))],
    reporters: ["default", "./tests/summary-reporter.ts", "./tests/faults/table-reporter.ts"],
  },
});
