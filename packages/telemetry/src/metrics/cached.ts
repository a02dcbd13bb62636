/** How long a reading is served again, so that many scrapers cost the database no more than one. */
const KEEP_MS = 5_000;

/** The latest result of `read` while it is fresh, in milliseconds of `now`; callers at once share one. Failures are kept as long. */
export function cached<T>(
  read: () => Promise<T>,
  { keepMs = KEEP_MS, now = () => performance.now() }: { readonly keepMs?: number; readonly now?: () => number } = {},
): () => Promise<T> {
  let latest: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    if (latest === undefined || now() - latest.at >= keepMs) latest = { at: now(), value: read() };
    return latest.value;
  };
}

/** What `reading` gives within `ms`; undefined when it fails or takes longer. */
export async function answerWithin<T>(ms: number, reading: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([reading.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}
