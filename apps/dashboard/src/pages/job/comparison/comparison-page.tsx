import { Message } from "../../../ui/message.js";

/** Comparison. */
export function ComparisonPage() {
  return <Message title="Comparison" tone="empty" />;
}
