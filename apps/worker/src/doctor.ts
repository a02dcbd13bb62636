import { type ExecutionProvider, probeProviders } from "@espalier/graph";
import { onnxruntimeVersion } from "./compute/versions.js";

/** What a machine usually lacks where a provider does not open, and what to do. */
const remedies: Readonly<Record<Exclude<ExecutionProvider, "cpu">, string>> = {
  webgpu:
    "needs a GPU with a Vulkan driver and the Vulkan loader: install libvulkan1 (Debian) and, on a machine without a display, name the driver's file in VK_DRIVER_FILES",
  cuda: "needs an NVIDIA GPU, CUDA 12 and cuDNN 9: run ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node",
};

/** Prints, as JSON, what the installed runtime can run on. A process of its own: loading it may end the process. */
const probes = await probeProviders();
const missing = probes.flatMap(({ provider, problem }) =>
  problem === undefined || provider === "cpu" ? [] : [[provider, { remedy: remedies[provider], problem }]],
);
const report = {
  available: probes.flatMap(({ provider, problem }) => (problem === undefined ? [provider] : [])),
  missing: Object.fromEntries(missing),
  onnxruntime: onnxruntimeVersion(),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
