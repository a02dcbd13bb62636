import { join } from "node:path";
import { checkFile, listFixtures } from "./run.js";

/** Exit code for a folder that holds nothing to compare. */
const NOTHING_TO_CHECK = 2;

/** Where lines go: standard output and standard error in the command. */
export interface Output {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/**
 * Compares every fixture under a folder: a line per failing file, then the counts.
 * @returns the exit code: 0, 1 when a file fails, 2 when there is nothing to compare.
 */
export function checkFolder(folder: string | undefined, { print, complain }: Output): number {
  if (folder === undefined) {
    complain("usage: npm run -s check:tpe -- FOLDER (a folder with fixtures in the form of fixtures/tpe)");
    return NOTHING_TO_CHECK;
  }
  let paths: string[];
  try {
    paths = listFixtures(folder);
  } catch (error) {
    complain(`cannot read the folder '${folder}': ${error instanceof Error ? error.message : String(error)}`);
    return NOTHING_TO_CHECK;
  }
  let passed = 0;
  let failed = 0;
  for (const path of paths) {
    const outcome = checkFile(join(folder, path));
    if (outcome.kind === "passed") passed++;
    if (outcome.kind === "failed") {
      failed++;
      print(`${path}: ${outcome.reason}`);
    }
  }
  if (passed + failed === 0) {
    complain(`no fixture to compare in '${folder}': it holds no *.json file with input and expected`);
    return NOTHING_TO_CHECK;
  }
  print(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
