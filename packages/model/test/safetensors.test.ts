import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@espalier/contracts";
import { openSafetensors, readTensor, type TensorToWrite, writeSafetensors } from "@espalier/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawSafetensors } from "./support/raw-safetensors.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const entry = (dtype: string, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });
const four = new Uint8Array(16);

describe("safetensors files", () => {
  it("come back as they were written, in every weight dtype", async () => {
    const path = join(await temporaryFolder(), "a.safetensors");
    const exact = Float32Array.of(0, -0, 1, -2.5, 0.15625, 1024);
    const entries = (["F32", "F16", "BF16"] as const).map(
      (dtype): TensorToWrite => ({ name: dtype, dtype, shape: [2, 3], data: exact }),
    );
    await writeSafetensors(path, entries, { format: "pt" });
    const file = await openSafetensors(path);
    expect([...file.tensors.keys()]).toEqual(["F32", "F16", "BF16"]);
    expect(file.metadata.get("format")).toBe("pt");
    for (const tensor of file.tensors.values()) {
      expect(tensor.shape).toEqual([2, 3]);
      expect(await readTensor(tensor)).toEqual(exact);
    }
  });

  it("have a header padded to 8 bytes and the same bytes every time", async () => {
    const dir = await temporaryFolder();
    const entries: TensorToWrite[] = [{ name: "x", dtype: "F16", shape: [3], data: () => Float32Array.of(1, 2, 3) }];
    await writeSafetensors(join(dir, "a"), entries, { b: "2", a: "1" });
    await writeSafetensors(join(dir, "b"), entries, { a: "1", b: "2" });
    const bytes = await readFile(join(dir, "a"));
    expect(bytes.readBigUInt64LE(0) % 8n).toBe(0n);
    expect(await readFile(join(dir, "b"))).toEqual(bytes);
  });

  it("may hold empty tensors, scalars and names that look like numbers", async () => {
    const path = join(await temporaryFolder(), "a.safetensors");
    await writeSafetensors(path, [
      { name: "b", dtype: "F32", shape: [0, 4], data: new Float32Array(0) },
      { name: "7", dtype: "F32", shape: [], data: Float32Array.of(5) },
    ]);
    const { tensors } = await openSafetensors(path);
    expect([...tensors.keys()]).toEqual(["b", "7"]);
    const scalar = tensors.get("7");
    expect(scalar && (await readTensor(scalar))).toEqual(Float32Array.of(5));
  });

  it("are written tensor by tensor, each asked for when its turn comes", async () => {
    const path = join(await temporaryFolder(), "a.safetensors");
    const asked: string[] = [];
    const lazy = (name: string): TensorToWrite => ({
      name,
      dtype: "F32",
      shape: [1],
      data: async () => {
        asked.push(name);
        return Float32Array.of(1);
      },
    });
    await writeSafetensors(path, [lazy("z"), lazy("a")]);
    expect(asked).toEqual(["z", "a"]);
  });

  it("are not written with duplicate or reserved names, or data of another length", async () => {
    const path = join(await temporaryFolder(), "a.safetensors");
    const x: TensorToWrite = { name: "x", dtype: "F32", shape: [2], data: Float32Array.of(1, 2) };
    await expect(writeSafetensors(path, [x, x])).rejects.toThrow(RangeError);
    await expect(writeSafetensors(path, [{ ...x, name: "__metadata__" }])).rejects.toThrow(RangeError);
    await expect(writeSafetensors(path, [{ ...x, shape: [3] }])).rejects.toThrow(RangeError);
  });

  it("with integer tensors are opened, but those are refused as weights", async () => {
    const path = join(await temporaryFolder(), "a.safetensors");
    await writeFile(path, rawSafetensors(JSON.stringify({ ids: entry("I64", [2], [0, 16]) }), four));
    const { tensors } = await openSafetensors(path);
    const error = await refusal(async () => readTensor([...tensors.values()][0]));
    expect(error.code).toBe("MODEL_FILE_MALFORMED");
    expect(error.message).toContain("'ids' is I64");
  });
});

const hostile: Record<string, Uint8Array> = {
  "an empty file": new Uint8Array(0),
  "a file of seven bytes": new Uint8Array(7),
  "a header length of 2^63": rawSafetensors("{}", four, 2n ** 63n),
  "a header length of 2^64 - 1": rawSafetensors("{}", four, 2n ** 64n - 1n),
  "a header longer than the file": rawSafetensors("{}", four, 19n),
  "a header that is not JSON": rawSafetensors("{'x': 1}"),
  "a header that is not UTF-8": rawSafetensors(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)),
  "a header that is an array": rawSafetensors("[]"),
  "a header nested a million deep": rawSafetensors("[".repeat(1_000_000)),
  "a header of millions of values": rawSafetensors(`{"x":[${"1,".repeat(4_000_000)}1]}`),
  "text after the header": rawSafetensors("{} {}"),
  "duplicate tensor names": rawSafetensors(
    `{"x":${JSON.stringify(entry("F32", [2], [0, 8]))},"x":${JSON.stringify(entry("F32", [2], [8, 16]))}}`,
    four,
  ),
  "duplicate keys, one escaped": rawSafetensors(
    `{"x":${JSON.stringify(entry("F32", [2], [0, 8]))},"\\u0078":${JSON.stringify(entry("F32", [2], [8, 16]))}}`,
    four,
  ),
  "a duplicate key inside a tensor": rawSafetensors(
    `{"x":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}`,
    four,
  ),
  "a tensor named __proto__": rawSafetensors(`{"__proto__":${JSON.stringify(entry("F32", [4], [0, 16]))}}`, four),
  "a __proto__ inside a tensor": rawSafetensors(
    `{"x":{"__proto__":{},"dtype":"F32","shape":[4],"data_offsets":[0,16]}}`,
    four,
  ),
  "overlapping tensors": rawSafetensors(
    JSON.stringify({ a: entry("F32", [2], [0, 8]), b: entry("F32", [3], [4, 16]) }),
    four,
  ),
  "a hole between tensors": rawSafetensors(
    JSON.stringify({ a: entry("F32", [1], [0, 4]), b: entry("F32", [2], [8, 16]) }),
    four,
  ),
  "a hole before the first tensor": rawSafetensors(JSON.stringify({ a: entry("F32", [3], [4, 16]) }), four),
  "descending offsets": rawSafetensors(JSON.stringify({ a: entry("F32", [4], [16, 0]) }), four),
  "negative offsets": rawSafetensors(JSON.stringify({ a: entry("F32", [4], [-16, 0]) }), four),
  "fractional offsets": rawSafetensors(JSON.stringify({ a: entry("F32", [4], [0, 15.5]) }), four),
  "offsets past the end": rawSafetensors(JSON.stringify({ a: entry("F32", [8], [0, 32]) }), four),
  "offsets beyond exact integers": rawSafetensors(
    `{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,9007199254740993]}}`,
    four,
  ),
  "three offsets": rawSafetensors(JSON.stringify({ a: entry("F32", [4], [0, 16, 16]) }), four),
  "a shape that does not match its bytes": rawSafetensors(JSON.stringify({ a: entry("F32", [5], [0, 16]) }), four),
  "a negative size": rawSafetensors(JSON.stringify({ a: entry("F32", [-2, -2], [0, 16]) }), four),
  "a product that overflows to the right size": rawSafetensors(
    JSON.stringify({ a: entry("F32", [4294967297, 4294967296, 4294967296, 1], [0, 16]) }),
    four,
  ),
  "a product that overflows to no bytes at all": rawSafetensors(
    JSON.stringify({ a: entry("F32", [2 ** 31, 2 ** 31], [0, 0]) }),
  ),
  "a product past 2^53": rawSafetensors(JSON.stringify({ a: entry("U8", [2 ** 30, 2 ** 30], [0, 16]) }), four),
  "a rank of a thousand": rawSafetensors(
    JSON.stringify({ a: entry("U8", Array(1000).fill(1), [0, 1]) }),
    new Uint8Array(1),
  ),
  "an unknown dtype": rawSafetensors(JSON.stringify({ a: entry("F12", [4], [0, 16]) }), four),
  "a dtype that every object has": rawSafetensors(JSON.stringify({ a: entry("toString", [4], [0, 16]) }), four),
  "no dtype": rawSafetensors(JSON.stringify({ a: { shape: [4], data_offsets: [0, 16] } }), four),
  "a tensor that is a string": rawSafetensors(JSON.stringify({ a: "F32" }), four),
  "metadata that is no object": rawSafetensors(JSON.stringify({ __metadata__: 7 })),
  "metadata with numbers": rawSafetensors(JSON.stringify({ __metadata__: { a: 7 } })),
  "trailing bytes": rawSafetensors(JSON.stringify({ a: entry("F32", [3], [0, 12]) }), four),
  "data without tensors": rawSafetensors("{}", four),
};

describe("a hostile safetensors file", () => {
  it.each(Object.entries(hostile))("with %s is refused with a typed error", async (_, bytes) => {
    const path = join(await temporaryFolder(), "evil.safetensors");
    await writeFile(path, bytes);
    const error = await refusal(openSafetensors(path));
    expect(error.code).toBe("MODEL_FILE_MALFORMED");
    expect(error.message).toContain("evil.safetensors");
    expect(error.message.length).toBeLessThan(500);
  });

  it("changed anywhere in its header reads the same tensors or is refused", async () => {
    const path = join(await temporaryFolder(), "mutated.safetensors");
    await writeSafetensors(path, [
      { name: "a", dtype: "F32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      { name: "b", dtype: "F16", shape: [4], data: Float32Array.of(5, 6, 7, 8) },
    ]);
    const original = await readFile(path);
    const headerEnd = 8 + Number(original.readBigUInt64LE(0));
    const change = fc.record({ at: fc.nat(headerEnd - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(40), async (changes, cut) => {
        const bytes = Buffer.from(original.subarray(0, cut < 8 ? original.length - cut : original.length));
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        await writeFile(path, bytes);
        try {
          const { tensors } = await openSafetensors(path);
          for (const tensor of tensors.values()) expect((await readTensor(tensor)).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("round-trips any names, shapes and values", async () => {
    const path = join(await temporaryFolder(), "any.safetensors");
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((n) => !n.startsWith("__"));
    const tensor = fc.record({ name, shape, seed: fc.float({ noNaN: true }) });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(tensor, { selector: (t) => t.name, maxLength: 6 }), async (list) => {
        const entries = list.map(({ name, shape, seed }): TensorToWrite => {
          const length = shape.reduce((n, size) => n * size, 1);
          return { name, dtype: "F32", shape, data: new Float32Array(length).fill(seed) };
        });
        await writeSafetensors(path, entries);
        const { tensors } = await openSafetensors(path);
        expect([...tensors.keys()].sort()).toEqual(entries.map((e) => e.name).sort());
        for (const { name, data } of entries) {
          const found = tensors.get(name);
          expect(found && (await readTensor(found))).toEqual(data);
        }
      }),
      { numRuns: 100 },
    );
  });
});
