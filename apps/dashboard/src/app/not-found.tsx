import { Link } from "@tanstack/react-router";
import { Message } from "../ui/message.js";

/** Nothing is at this URL. */
export function NotFound() {
  return (
    <Message title="Nothing is here" tone="empty" actions={<Link to="/jobs">All jobs</Link>}>
      The address may be mistyped, or what it showed was deleted.
    </Message>
  );
}
