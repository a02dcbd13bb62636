import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "../ui/button.js";
import { Message } from "../ui/message.js";

/** A page could not be shown at all: its code did not load, or it failed. */
export function RouteError({ error }: ErrorComponentProps) {
  return (
    <Message
      title="This page could not be shown"
      tone="error"
      actions={<Button onClick={() => location.reload()}>Load it again</Button>}
    >
      {error instanceof Error ? error.message : String(error)}
    </Message>
  );
}
