import { Message } from "../../../ui/message.js";

/** Trial. */
export function TrialPage() {
  return <Message title="Trial" tone="empty" />;
}
