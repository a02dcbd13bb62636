import { join } from "node:path";
import { checkFile, listFixtures } from "./run.js";

/** Exit code for a folder that holds nothing to compare. */
const NOTHING_TO_CHECK = 2;

function main(folder: string | undefined): number {
  if (folder === undefined) {
    console.error("usage: npm run -s check:tpe -- FOLDER (a folder with fixtures in the form of fixtures/tpe)");
    return NOTHING_TO_CHECK;
  }
  let paths: string[];
  try {
    paths = listFixtures(folder);
  } catch (error) {
    console.error(`cannot read the folder '${folder}': ${error instanceof Error ? error.message : String(error)}`);
    return NOTHING_TO_CHECK;
  }
  let passed = 0;
  let failed = 0;
  for (const path of paths) {
    const outcome = checkFile(join(folder, path));
    if (outcome.kind === "passed") passed++;
    if (outcome.kind === "failed") {
      failed++;
      console.log(`${path}: ${outcome.reason}`);
    }
  }
  if (passed + failed === 0) {
    console.error(`no fixture to compare in '${folder}': it holds no *.json file with input and expected`);
    return NOTHING_TO_CHECK;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = main(process.argv[2]);
