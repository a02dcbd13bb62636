import { Message } from "../../ui/message.js";

/** Jobs. */
export function JobsPage() {
  return <Message title="Jobs" tone="empty" />;
}
