import { Message } from "../../../ui/message.js";

/** Racing. */
export function RacingPage() {
  return <Message title="Racing" tone="empty" />;
}
