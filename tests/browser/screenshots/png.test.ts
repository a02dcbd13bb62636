import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { indexed } from "./palette.js";
import { readPng } from "./read-png.js";
import { writePng } from "./write-png.js";

const picture = (colours: number) => ({
  width: 32,
  height: 20,
  channels: 3 as const,
  pixels: Uint8Array.from({ length: 32 * 20 * 3 }, (_, at) => ((Math.floor(at / 3) % colours) >> (3 * (at % 3))) & 255),
});

it("keeps every colour of a picture that has at most 256", () => {
  const { colours, indices } = indexed(picture(200));
  expect([...indices].flatMap((index) => [...colours[index]])).toEqual([...picture(200).pixels]);
});

it("gives a rare colour the nearest common one", () => {
  const { colours, indices } = indexed({
    ...picture(1),
    pixels: Uint8Array.from({ length: 1920 }, (_, at) => (at < 1917 ? 9 : 8)),
  });
  expect(colours).toHaveLength(2);
  expect(new Set(indices).size).toBe(2);
  expect(indexed(picture(600)).colours).toHaveLength(256);
});

it("writes what a decoder reads, and refuses to read what is no browser's picture", () => {
  const { width, height, colours, indices } = indexed(picture(7));
  const png = writePng({ width, height, colours, indices });
  expect([png.readUInt32BE(16), png.readUInt32BE(20), png[25]]).toEqual([32, 20, 3]);
  const at = png.indexOf("IDAT");
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  expect([...rows.subarray(1, 33)]).toEqual([...indices.subarray(0, 32)]);
  expect(() => readPng(png)).toThrow(RangeError);
});
