import { Message } from "../../ui/message.js";

/** Webhook endpoint. */
export function WebhookPage() {
  return <Message title="Webhook endpoint" tone="empty" />;
}
