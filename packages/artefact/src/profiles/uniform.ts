import { AppError, type BlockWidths, type DecoderShape } from "@espalier/contracts";
import { withoutEmptyBlocks } from "../slice/drop-blocks.js";
import type { SlicedModel } from "../slice/sliced-model.js";
import { plainFolder } from "./plain-folder.js";

/** Plans of the same widths in every layer, with smaller numbers in config.json. Blocks that were dropped whole are left out. */
export const uniform = plainFolder("uniform", (sliced: SlicedModel): SlicedModel => {
  const written = withoutEmptyBlocks(sliced);
  assertEqualWidths(written.shape);
  return written;
});

function assertEqualWidths({ layers: [first, ...others] }: DecoderShape): void {
  const differs = (other: BlockWidths): boolean =>
    other.heads !== first.heads || other.kvHeads !== first.kvHeads || other.intermediateSize !== first.intermediateSize;
  const odd = others.findIndex(differs);
  if (first.kvHeads > 0 && first.intermediateSize > 0 && odd < 0) return;
  const where = odd < 0 ? "A layer has no attention or no MLP" : `Layer ${odd + 1} has other widths than layer 0`;
  throw new AppError(
    "VALIDATION_FAILED",
    `${where}: the profile 'uniform' needs target.layout 'uniform'. The profiles 'native' and, without experts, 'padded' hold any plan.`,
    { errors: [{ detail: "'uniform' needs target.layout 'uniform'", pointer: "/export/profiles" }] },
  );
}
