import { Message } from "../../../ui/message.js";

/** Layers. */
export function LayersPage() {
  return <Message title="Layers" tone="empty" />;
}
