import type { Job } from "@espalier/client";
import type { Body } from "./json-pointer.js";

/** Parts of a settled job that were parts of its body; what the service found out about the files is not sent back. */
const sent = [
  "name",
  "model",
  "scoring",
  "report",
  "target",
  "search",
  "compensation",
  "recovery",
  "baselines",
  "budget",
  "export",
];

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** The body that makes the same job again, to be changed before it is sent. */
export function bodyOfJob({ spec, labels }: Pick<Job, "spec" | "labels">): Body {
  const { windows: samples, ...calibration } = spec["calibration"] as { readonly windows?: number };
  const kept = sent.flatMap((key) =>
    spec[key] === undefined || spec[key] === null || isEmpty(spec[key]) ? [] : [[key, spec[key]]],
  );
  return {
    ...Object.fromEntries(kept),
    calibration: { ...calibration, ...(samples !== undefined && { samples }) },
    ...(!isEmpty(labels) && { labels }),
  };
}
