import { createHash } from "node:crypto";
import type { StatisticGroups } from "./tensors.js";

/** Raised whenever stored statistics change their meaning, names or layout: old profiles are then computed anew. */
export const PROFILE_PROTOCOL = 1;

/** Everything that a profile is a function of. */
export interface ProfileIdentity {
  /** sha256 of config and weights. */
  readonly modelHash: string;
  readonly tokenizerHash: string;
  readonly windows: readonly Int32Array[];
  readonly clusters: number;
  readonly gradientGroups: "clusters" | "samples";
  readonly groups: StatisticGroups;
}

/** Content address of a profile: sha256 in hex. */
export function profileKey(identity: ProfileIdentity): string {
  const { modelHash, tokenizerHash, clusters, gradientGroups, groups } = identity;
  return createHash("sha256")
    .update(
      JSON.stringify({
        protocol: PROFILE_PROTOCOL,
        modelHash,
        tokenizerHash,
        windowsHash: windowsHash(identity.windows),
        clusters,
        gradientGroups,
        weightGradients: groups.weightGradients,
        gram: groups.gram,
      }),
    )
    .digest("hex");
}

/** sha256 of the token ids, window by window, lengths included. */
function windowsHash(windows: readonly Int32Array[]): string {
  const hash = createHash("sha256");
  for (const window of windows) {
    const bytes = new DataView(new ArrayBuffer(4 + 4 * window.length));
    bytes.setInt32(0, window.length, true);
    window.forEach((token, i) => {
      bytes.setInt32(4 + 4 * i, token, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  return hash.digest("hex");
}
