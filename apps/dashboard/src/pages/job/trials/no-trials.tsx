import { Message } from "../../../ui/message.js";

/** Stands where the trials will be. */
export const NoTrials = () => (
  <Message title="No trials yet" tone="empty">
    They begin after the profile, which measures the model once.
  </Message>
);
