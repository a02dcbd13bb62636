import type { CursorCodec, ListIdentity } from "./cursor.js";

/** Filter for the rows after the cursor's in a list whose ids, newest first, are its order. Throws AppError CURSOR_INVALID. */
export function olderThan(cursors: CursorCodec, identity: ListIdentity, cursor: string | undefined) {
  if (cursor === undefined) return {};
  const [id] = cursors.decode(identity, cursor);
  return { id: { lt: String(id) } };
}
