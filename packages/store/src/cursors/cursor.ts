import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "@espalier/contracts";

/** Values of the last row's sort columns. */
export type CursorValues = readonly (string | number | null)[];

/** Which list a cursor belongs to: its name, filter and sort; another list refuses it. */
export type ListIdentity = Readonly<Record<string, string | number | undefined>>;

export interface CursorCodec {
  encode(list: ListIdentity, values: CursorValues): string;
  /** Throws AppError CURSOR_INVALID for a cursor that we did not make, or made for another list. */
  decode(list: ListIdentity, cursor: string): CursorValues;
}

const SIGNATURE_BYTES = 16;

/** Opaque cursors: the values in base64url, signed with HMAC-SHA-256 over them and the list's identity. */
export function cursorCodec(key: Uint8Array): CursorCodec {
  const sign = (list: ListIdentity, payload: string) =>
    createHmac("sha256", key)
      .update(JSON.stringify([Object.entries(list).sort(), payload]))
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  return {
    encode(list, values) {
      const payload = Buffer.from(JSON.stringify(values)).toString("base64url");
      return `${payload}.${sign(list, payload).toString("base64url")}`;
    },
    decode(list, cursor) {
      const [payload = "", signature = ""] = cursor.split(".");
      const given = Buffer.from(signature, "base64url");
      if (given.length !== SIGNATURE_BYTES || !timingSafeEqual(given, sign(list, payload))) {
        throw new AppError(
          "CURSOR_INVALID",
          "This cursor was not made for this list. Use 'next_cursor' of its page before, with the same filter and sort.",
          { errors: [{ detail: "not a cursor of this list", pointer: "/cursor" }] },
        );
      }
      return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as CursorValues;
    },
  };
}
