import { Message } from "../../../ui/message.js";

/** Overview. */
export function OverviewPage() {
  return <Message title="Overview" tone="empty" />;
}
