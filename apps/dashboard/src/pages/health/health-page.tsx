import { Message } from "../../ui/message.js";

/** Health. */
export function HealthPage() {
  return <Message title="Health" tone="empty" />;
}
