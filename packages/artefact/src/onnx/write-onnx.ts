import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parameterBytes, type StoredGraph, storedModelParts } from "@espalier/graph";
import { writeAll } from "../durable/write-all.js";
import { externalFiles } from "./external-files.js";
import type { ParameterData } from "./parameter-data.js";

/**
 * Writes a model file, its numbers one parameter after another, and beside it those that would make it pass `limit` bytes.
 * All are synced before the promise resolves; the same input gives the same bytes. Returns how many files stand beside it.
 */
export async function writeOnnx(
  path: string,
  graph: StoredGraph,
  data: ParameterData,
  limit?: number,
): Promise<number> {
  const { model, parameters } = graph;
  const { names, places } = externalFiles(basename(path), parameters, limit);
  await written(path, async (handle) => {
    for (const part of storedModelParts(model, parameters, ({ name }) => places.get(name))) {
      await writeAll(handle, "bytes" in part ? part.bytes : data(part.parameter));
    }
  });
  for (const file of names) {
    await written(join(dirname(path), file), async (handle) => {
      let at = 0;
      for (const parameter of parameters) {
        const place = places.get(parameter.name);
        if (place?.location !== file) continue;
        await writeAll(handle, new Uint8Array(place.offset - at));
        await writeAll(handle, data(parameter));
        at = place.offset + parameterBytes(parameter);
      }
    });
  }
  return names.length;
}

async function written(path: string, fill: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, "w");
  try {
    await fill(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
