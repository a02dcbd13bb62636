import { createJobBody } from "@espalier/contracts";
import fc from "fast-check";
import { parseRange } from "../../../apps/api/src/http/byte-range.js";
import { idempotencyClaim } from "../../../apps/api/src/http/idempotency-key.js";
import { accepted, type FuzzTarget, must } from "../fuzz-target.js";
import { changedBytes } from "../mutate.js";

// Node gives headers as latin-1 texts.
const decode = (input: Uint8Array): string => Buffer.from(input).toString("latin1");
const encoded = (texts: fc.Arbitrary<string>) => texts.map((text) => new Uint8Array(Buffer.from(text, "latin1")));

const number = fc.oneof(fc.nat(200).map(String), fc.constant(""), fc.constant("999999999999999"));
const ranges = encoded(fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`));

/** `Range`: what is sent lies inside the file. */
export const range: FuzzTarget = {
  name: "range",
  inputs: changedBytes(ranges, ["-", "bytes=", ",", "0", " ", "99999999999999999999"]),
  async check(input) {
    for (const size of [0, 1, 100, 2 ** 40]) {
      const read = await accepted(() => parseRange(decode(input), size));
      if (read === undefined) continue;
      const { start, end } = read;
      must(Number.isSafeInteger(start) && Number.isSafeInteger(end), `${start} to ${end}`);
      must(0 <= start && start <= end && end < size, `${start} to ${end} of ${size} bytes`);
    }
  },
};

const body = createJobBody.parse({
  model: { path: "stories260K" },
  calibration: { corpus: "tinystories-train.txt" },
  target: { sparsity: 0.2 },
});
const keys = encoded(
  fc.oneof(
    fc.uuid(),
    fc.string({ minLength: 1, maxLength: 260 }).map((key) => JSON.stringify(key)),
  ),
);

/** `Idempotency-Key`: what is stored is 1 to 255 printable characters, whatever the form of the header. */
export const idempotencyKey: FuzzTarget = {
  name: "idempotency-key",
  inputs: changedBytes(keys, ['\\"', "\\\\", '"', "\t", "ü"]),
  async check(input) {
    const claim = await accepted(() => idempotencyClaim(decode(input), body));
    if (claim === undefined) return;
    must(/^[\x20-\x7e]{1,255}$/.test(claim.key), `the key ${JSON.stringify(claim.key)}`);
    const quoted = `"${claim.key.replace(/["\\]/g, "\\$&")}"`;
    must(idempotencyClaim(quoted, body)?.key === claim.key, `${quoted} means another key than ${claim.key}`);
  },
};
