import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Versions } from "@espalier/artefact";
import { z } from "zod";

const manifest = z.object({ version: z.string() });

const versionOf = (path: string | URL): string => manifest.parse(JSON.parse(readFileSync(path, "utf8"))).version;

/** Version of the installed runtime, as the package that loads it sees it. */
export function onnxruntimeVersion(): string {
  const fromGraph = createRequire(import.meta.resolve("@espalier/graph"));
  return versionOf(fromGraph.resolve("onnxruntime-node/package.json"));
}

/** Versions that can change the numbers of an artefact. */
export function readVersions(): Versions {
  return {
    espalier: versionOf(new URL("../../package.json", import.meta.url)),
    onnxruntime: onnxruntimeVersion(),
    node_major: Number(process.versions.node.split(".")[0]),
  };
}
