import { isTerminal } from "@espalier/contracts";
import { Message } from "../../../ui/message.js";
import { useJob } from "../job-context.js";

/** Stands where an analysis needs completed trials and there are too few. */
export function NoTrialsYet({ needed }: { readonly needed: number }) {
  const { job } = useJob();
  if (isTerminal(job.state)) {
    return (
      <Message title="Too few completed trials" tone="empty">
        The job {job.state} before {needed} trials of the search space were completed.
      </Message>
    );
  }
  return (
    <Message title="No trials to show yet" tone="empty">
      This appears by itself once {needed} trials of the search space are completed.
    </Message>
  );
}
