import { createRequire } from "node:module";
import { listProviders } from "@espalier/graph";

// Prints what the runtime on this machine offers, as one JSON document: read by `espalier doctor`.
const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };
process.stdout.write(`${JSON.stringify({ available: await listProviders(), onnxruntime: version })}\n`);
