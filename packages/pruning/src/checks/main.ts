import { AppError } from "@espalier/contracts";
import { checkLlama } from "./check-llama.js";
import { describeComparison } from "./comparison.js";
import { FixtureError } from "./fixture.js";

/** Exit code for input that cannot be read. */
const UNREADABLE = 2;

async function main(modelFolder: string | undefined, fixturePath: string | undefined): Promise<number> {
  if (modelFolder === undefined || fixturePath === undefined) {
    console.error("usage: npm run -s check:llama -- MODEL_DIR FIXTURE.json");
    return UNREADABLE;
  }
  try {
    const comparisons = await checkLlama(modelFolder, fixturePath);
    for (const comparison of comparisons) console.log(describeComparison(comparison));
    const failed = comparisons.filter(({ passed }) => !passed).length;
    console.log(`${comparisons.length - failed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof FixtureError || error instanceof AppError)) throw error;
    console.error(error.message);
    return UNREADABLE;
  }
}

process.exitCode = await main(process.argv[2], process.argv[3]);
