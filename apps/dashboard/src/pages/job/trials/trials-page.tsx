import { Message } from "../../../ui/message.js";

/** Trials. */
export function TrialsPage() {
  return <Message title="Trials" tone="empty" />;
}
