import { checkGates } from "./check-gates.js";
import { checkPruned } from "./check-pruned.js";
import { checkScores } from "./check-scores.js";
import { readCheckedModel } from "./checked-model.js";
import type { Comparison } from "./comparison.js";
import { FixtureError, readFixture } from "./fixture.js";

/**
 * Compares a model's losses, gate gradients, pruned losses and importance scores with a fixture file.
 * Throws FixtureError or AppError when either cannot be read or they do not belong together.
 */
export async function checkLlama(modelFolder: string, fixturePath: string): Promise<Comparison[]> {
  const fixture = await readFixture(fixturePath);
  const model = await readCheckedModel(modelFolder);
  const { vocabSize } = model.shape;
  fixture.windows.forEach((window, n) => {
    if (window.length !== fixture.windows[0].length) {
      throw new FixtureError(
        `input_ids[${n}] has ${window.length} tokens, the first window ${fixture.windows[0].length}`,
      );
    }
    const odd = window.find((id) => id >= vocabSize);
    if (odd !== undefined) {
      throw new FixtureError(
        `input_ids[${n}] holds token ${odd}, the model has ${vocabSize}: another model's fixture?`,
      );
    }
  });
  return [
    ...(await checkGates(model, fixture)),
    ...(await checkPruned(model, fixture)),
    ...(await checkScores(model, fixture)),
  ];
}
