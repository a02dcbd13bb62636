import type { CalibrationRecord } from "@espalier/contracts";
import { storableText, type Tokenizer } from "@espalier/model";
import { makeCalibrationMap } from "../calibration/calibration-map.js";
import { orderByNll } from "../calibration/cluster-samples.js";
import type { JobContext } from "./job-context.js";

/** Of a sample's text, to tell it from others. */
const PREVIEW_CHARACTERS = 240;

/** Parameters that say how much samples count. */
const ofCalibration = /^(?:cluster|sample)\./;

/** What is kept of the calibration samples once the job's profile is there. */
export function recordCalibration(
  { materials: { profile }, space, calibration }: Pick<JobContext, "materials" | "space" | "calibration">,
  tokenizer: Tokenizer,
): CalibrationRecord {
  const textOf = (sample: number): string =>
    storableText(tokenizer.decode(calibration[sample]).slice(0, PREVIEW_CHARACTERS));
  return {
    map: makeCalibrationMap(profile, textOf),
    clustersByLoss: Array.from(orderByNll(profile.observations.nll), (sample) => profile.clusters[sample]),
    neutral: Object.fromEntries(Object.entries(space.neutral).filter(([name]) => ofCalibration.test(name))),
  };
}
