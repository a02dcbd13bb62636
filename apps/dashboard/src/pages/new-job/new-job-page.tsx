import { Message } from "../../ui/message.js";

/** New job. */
export function NewJobPage() {
  return <Message title="New job" tone="empty" />;
}
