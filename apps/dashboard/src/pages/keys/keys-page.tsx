import { Message } from "../../ui/message.js";

/** API keys. */
export function KeysPage() {
  return <Message title="API keys" tone="empty" />;
}
