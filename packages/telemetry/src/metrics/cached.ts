/** How long a reading is served again, so that many scrapers cost the database no more than one. */
const KEEP_MS = 5_000;

/** The latest result of `read` while it is fresh; callers at once share one. Failures are kept as long. */
export function cached<T>(read: () => Promise<T>, now: () => number = () => performance.now()): () => Promise<T> {
  let latest: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    if (latest === undefined || now() - latest.at >= KEEP_MS) latest = { at: now(), value: read() };
    return latest.value;
  };
}
