import type { Job } from "@espalier/client";
import { Message } from "../../../ui/message.js";
import { Moment } from "../../../ui/moment.js";

/** Says above everything else what somebody has to know, or do something about. Nothing while all goes well. */
export function Outcome({ job }: { readonly job: Job }) {
  const { state, error, pause, finished_at } = job;
  if (state === "failed") {
    return (
      <Message title={`The job failed while it was ${error?.stage ?? "running"}`} tone="error">
        {error?.detail ?? "The service gave no reason; its log has one."}
        {error !== null && (
          <>
            {" "}
            Code <code>{error.code}</code>.
          </>
        )}
      </Message>
    );
  }
  if (state === "cancelled") {
    return (
      <Message title="The job was cancelled" tone="info">
        What its trials found stays here; no model was written.{" "}
        {finished_at !== null && (
          <>
            Cancelled <Moment at={finished_at} />.
          </>
        )}
      </Message>
    );
  }
  if (state === "paused" && pause !== null) {
    return (
      <Message
        title={pause.reason === null ? "Paused" : "Paused by the service"}
        tone={pause.reason === null ? "info" : "warning"}
      >
        {pause.reason === null
          ? "Nothing is lost: Resume goes on with the next trial."
          : `${pause.reason.detail} Resume it once that is mended; nothing is lost.`}{" "}
        Since <Moment at={pause.since} />.
      </Message>
    );
  }
  if (job.half_batch) {
    return (
      <Message title="Running with half the batch" tone="warning">
        It ran out of memory once, so half as many windows run at a time. Results are the same; it takes longer.
      </Message>
    );
  }
  return null;
}
