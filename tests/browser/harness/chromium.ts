import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Path of a Chromium: that of the variable CHROMIUM, else one at a usual place. */
export const findChromium = (): string | undefined =>
  [process.env["CHROMIUM"], ...usual].find((path) => path !== undefined && existsSync(path));

/** It speaks to nobody but the pages that it is told to open; containers have no sandbox and little shared memory. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless Chromium with an empty profile. Throws where there is none. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(`no Chromium is at ${usual.join(", ")}: install one, or say in CHROMIUM where it is`);
  }
  return chromium.launch({ executablePath, args: [...QUIET, ...flags] });
}
