import { basename, isAbsolute } from "node:path";

/** Names relative to a root are kept; an absolute path says where this machine keeps the file, so only its name stays. */
export const placeless = (path: string): string => (isAbsolute(path) ? basename(path) : path);
