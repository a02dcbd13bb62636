import { withoutEmptyBlocks } from "../slice/drop-blocks.js";
import { padModel, widestLayer } from "../slice/pad-model.js";
import { plainFolder } from "./plain-folder.js";
import type { Profile } from "./profile.js";
import { refuseExperts } from "./refuse-experts.js";

const folder = plainFolder("padded", (sliced) => {
  const kept = withoutEmptyBlocks(sliced);
  const widest = widestLayer(kept.shape);
  return padModel(
    kept,
    kept.shape.layers.map(() => widest),
  );
});

/** Any plan, every layer as wide as the widest: zeros fill the rest. Loads everywhere and saves nothing in the narrow layers. */
export const padded: Profile = {
  ...folder,
  assertFits: async (source, linkRoots, bounds) => {
    refuseExperts("padded", source.config);
    await folder.assertFits?.(source, linkRoots, bounds);
  },
};
