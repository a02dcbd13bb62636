import { type JobRecording, makeClient, replaying } from "@espalier/client";
import type { Api } from "../api/api-context.js";

/** The recording in the page's element `#recording`. Throws TypeError where there is none. */
export function readRecording(): JobRecording {
  const text = document.querySelector("#recording")?.textContent;
  if (!text) throw new TypeError("the page holds no recording");
  return JSON.parse(text) as JobRecording;
}

/** No service has this name (RFC 2606), and none is asked. */
const NO_SERVICE = "http://report.invalid";

/** The API of a report: its answers are the recorded ones. */
export const reportApi = ({ answers, recorded_at }: JobRecording): Api => ({
  client: makeClient({ url: NO_SERVICE, send: replaying(answers) }),
  source: "report",
  recordedAt: new Date(recorded_at),
});
