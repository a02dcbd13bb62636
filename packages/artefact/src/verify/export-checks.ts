import type { ExportChecks } from "@espalier/contracts";
import type { RuntimeCheck } from "./check-runtime.js";
import type { VerifiedFile } from "./verify-folder.js";

/** What was found out about the files of one folder. */
export interface FolderChecks {
  /** What the written files lose against the model that the search scored. */
  readonly verified: readonly VerifiedFile[];
  /** What another runtime makes of them. */
  readonly checked: RuntimeCheck;
}

/** The same as the API tells it. */
export function exportChecks({ verified, checked }: FolderChecks): ExportChecks {
  const files = verified.map(({ file, relativeDifference }) => ({ file, loss_difference: relativeDifference }));
  if ("missing" in checked) return { files, runtime: null, results: [], missing: checked.missing };
  const results = checked.results.map(({ file, positions, largest, span, sameToken }) => {
    return { file, positions, largest_difference: largest, logit_span: span, same_token: sameToken };
  });
  return { files, runtime: checked.runtime, results, missing: null };
}
