import { Message } from "../../../ui/message.js";

/** Front. */
export function FrontPage() {
  return <Message title="Front" tone="empty" />;
}
