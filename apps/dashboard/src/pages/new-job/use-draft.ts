import { useEffect, useState } from "react";
import type { Body } from "./json-pointer.js";

const ITEM = "espalier.new-job";

/** What a form begins with: twenty percent is where most begin. */
const empty: Body = { target: { sparsity: 0.2 } };

function kept(): Body {
  try {
    const body: unknown = JSON.parse(sessionStorage.getItem(ITEM) ?? "null");
    return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Body) : empty;
  } catch {
    return empty;
  }
}

/** The body that is being filled in; a reload of the tab keeps it. */
export function useDraft(): readonly [Body, (body: Body) => void, () => void] {
  const [body, setBody] = useState(kept);
  useEffect(() => sessionStorage.setItem(ITEM, JSON.stringify(body)), [body]);
  return [body, setBody, () => setBody(empty)];
}
