import { Message } from "../../../ui/message.js";

/** Search. */
export function SearchPage() {
  return <Message title="Search" tone="empty" />;
}
