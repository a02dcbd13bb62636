// npm run licences [-- --list]: licences of all that `npm ci --omit=dev` installs, by package-lock.json and the manifests.
// Fails for a licence that is not allowed below, and for an exception that no longer is one.
import { existsSync, readFileSync } from "node:fs";

const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "Unlicense",
]);

/** Packages with another licence, or none that is named as SPDX does, that are fine, and why. */
const exceptions = {
  "@visx/vendor": "'MIT and ISC', both allowed",
  elkjs: "EPL-2.0; a part of Prisma's command line, unchanged, loaded by no code of ours",
};

const root = new URL("..", import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", root), "utf8"));

/** The manifest's word where the package is installed; packages of other platforms are known by the lock file alone. */
function licenceOf(path, locked) {
  const manifest = new URL(`${path}/package.json`, root);
  const { license } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")) : locked;
  return license ?? locked.license ?? "none";
}

/** One choice of an OR must be allowed, and in it all of an AND. */
const isAllowed = (licence) =>
  licence
    .replace(/^\(|\)$/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((one) => allowed.has(one)));

const installed = Object.entries(packages)
  .filter(([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link)
  .map(([path, locked]) => ({
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version: locked.version,
    licence: licenceOf(path, locked),
  }));

if (process.argv.includes("--list")) {
  for (const { name, version, licence } of installed) console.log(`${name}@${version}\t${licence}`);
}
const refused = installed.filter(({ name, licence }) => !isAllowed(licence) && !Object.hasOwn(exceptions, name));
const stale = Object.keys(exceptions).filter(
  (exception) => !installed.some(({ name, licence }) => name === exception && !isAllowed(licence)),
);
for (const { name, version, licence } of refused)
  console.error(`${name}@${version}: the licence '${licence}' is not allowed`);
for (const name of stale)
  console.error(`${name} is no exception any more: take it off the list in scripts/licences.mjs`);
console.log(`${installed.length} packages, ${refused.length} with a licence that is not allowed`);
process.exitCode = refused.length + stale.length === 0 ? 0 : 1;
