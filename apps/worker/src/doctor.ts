import { listProviders } from "@espalier/graph";
import { onnxruntimeVersion } from "./compute/versions.js";

/** Prints, as JSON, what the installed runtime can run on. A process of its own: loading it may end the process. */
const report = { available: await listProviders(), onnxruntime: onnxruntimeVersion() };
process.stdout.write(`${JSON.stringify(report)}\n`);
