import type { Page } from "@espalier/contracts";

/** A page from `limit + 1` rows: the extra one only tells that there is more. */
export function toPage<T>(rows: readonly T[], limit: number, cursorAfter: (last: T) => string): Page<T> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit;
  return { data, has_more: hasMore, next_cursor: hasMore && last !== undefined ? cursorAfter(last) : null };
}
