import fc from "fast-check";
import { cursorCodec } from "../../../packages/store/src/cursors/cursor.js";
import { accepted, type FuzzTarget, must } from "../fuzz-target.js";
import { changedBytes } from "../mutate.js";

const codec = cursorCodec([new Uint8Array(32).fill(7)]);
const list = { list: "trials", job: "job_1", sort: "score", state: undefined };
const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 3 });
const valid = values.map((row) => new TextEncoder().encode(codec.encode(list, row)));

/** Cursors: only a text that we made, unchanged, for the same list, is read. */
export const cursor: FuzzTarget = {
  name: "cursor",
  inputs: fc.oneof(valid, changedBytes(valid, [".", "=", "AA", "-", "_", "%2E"])),
  async check(input) {
    const text = new TextDecoder().decode(input);
    const read = await accepted(() => codec.decode(list, text));
    if (read === undefined) return;
    must(codec.encode(list, read) === text, `${JSON.stringify(text)} was read, but is not what we made`);
    const elsewhere = await accepted(() => codec.decode({ ...list, sort: "-score" }, text));
    must(elsewhere === undefined, "a cursor of another list was read");
  },
};
