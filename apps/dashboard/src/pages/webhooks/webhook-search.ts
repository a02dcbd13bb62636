import { textOf } from "../../ui/search-text.js";

/** Where the shown page of messages begins. */
export interface WebhookSearch {
  readonly cursor?: string;
}

export function webhookSearch(search: Readonly<Record<string, unknown>>): WebhookSearch {
  const cursor = textOf(search["cursor"]);
  return cursor === undefined ? {} : { cursor };
}
