import { formatBytes } from "@espalier/contracts";
import { expect, it } from "vitest";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [863_736, "864 kB"],
  [999_600, "1 MB"],
  [5_454_656, "5.45 MB"],
  [13_476_838_400, "13.5 GB"],
  [2e15, "2000 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
