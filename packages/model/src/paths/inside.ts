import { isAbsolute, relative, sep } from "node:path";

/** Whether `path` is `root` or lies in it. Both absolute; only the text is compared, so resolve links first. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}
