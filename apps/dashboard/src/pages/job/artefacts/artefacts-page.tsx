import { Message } from "../../../ui/message.js";

/** Artefacts. */
export function ArtefactsPage() {
  return <Message title="Artefacts" tone="empty" />;
}
