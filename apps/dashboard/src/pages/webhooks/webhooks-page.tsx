import { Message } from "../../ui/message.js";

/** Webhooks. */
export function WebhooksPage() {
  return <Message title="Webhooks" tone="empty" />;
}
