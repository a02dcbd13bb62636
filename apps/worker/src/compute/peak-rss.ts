import { readFileSync } from "node:fs";

const KIBIBYTE = 1024;

/**
 * Largest resident memory that this program was seen with, in bytes. Linux: VmHWM of the process, since what
 * `getrusage` says begins with the memory of the process that started this one. Elsewhere: `getrusage`.
 */
export function peakRssBytes(): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * KIBIBYTE;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * KIBIBYTE;
}
