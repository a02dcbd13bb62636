import { existsSync } from "node:fs";

/** A Vulkan driver that computes on the CPU: what WebGPU runs on where there is no GPU. */
export interface SoftwareVulkan {
  /** Variables of a process that is to use it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Folders of Debian's chromium, which brings SwiftShader and a Vulkan loader. */
const CHROMIUM = "/usr/lib/chromium";
/** Mesa's lavapipe from 25 on; the loader is then the system's. */
const LAVAPIPE = "/usr/share/vulkan/icd.d/lvp_icd.json";

/** The first driver that is installed, if any. */
export function findSoftwareVulkan(): SoftwareVulkan | undefined {
  const swiftShader = `${CHROMIUM}/vk_swiftshader_icd.json`;
  if (existsSync(swiftShader)) return { env: { LD_LIBRARY_PATH: CHROMIUM, ...drivenBy(swiftShader) } };
  if (existsSync(LAVAPIPE)) return { env: drivenBy(LAVAPIPE) };
  return undefined;
}

/** Loaders before 1.3.207 know the second name only. */
const drivenBy = (file: string) => ({ VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file });
