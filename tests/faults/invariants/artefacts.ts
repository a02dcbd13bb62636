import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ArtifactView } from "@espalier/contracts";
import type { Observed } from "../harness/place.js";

const MANIFEST = "SHA256SUMS";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** 6: no artefact is visible, as a folder or to a client, without its manifest and matching sums. */
export async function wholeArtefacts(place: Observed, ids: readonly string[]): Promise<readonly string[]> {
  const told = foldersWithoutSums(join(place.dataDir, "artifacts"));
  for (const id of ids) told.push(...(await filesOfJob(place, id)));
  const early = await place.database.query<{ id: string }>(
    "SELECT DISTINCT j.id FROM artifacts a JOIN jobs j ON j.id = a.job_id WHERE j.state <> 'succeeded'",
  );
  return [...told, ...early.map(({ id }) => `${id} lists files and has not succeeded`)];
}

/** A name that begins with a dot is not visible yet. Each file has to stand, with its sum, in a manifest above it. */
function foldersWithoutSums(artifacts: string): string[] {
  if (!existsSync(artifacts)) return [];
  const all = readdirSync(artifacts, { recursive: true, encoding: "utf8" });
  const files = all.filter((name) => !/(^|[/])[.]/.test(name) && statSync(join(artifacts, name)).isFile());
  const sums = new Map(
    files
      .filter((name) => basename(name) === MANIFEST)
      .flatMap((manifest) => sumsOf(artifacts, dirname(manifest)).map((line) => [line.name, line.sum] as const)),
  );
  const told = files
    .filter((name) => basename(name) !== MANIFEST)
    .filter((name) => sums.get(name) !== sha256(readFileSync(join(artifacts, name))))
    .map((name) => `${name} is visible, and is not what a ${MANIFEST} says`);
  const missing = [...sums.keys()].filter((name) => !files.includes(name));
  return [...told, ...missing.map((name) => `${name} stands in ${MANIFEST} and is not there`)];
}

function sumsOf(artifacts: string, folder: string): readonly { readonly name: string; readonly sum: string }[] {
  const lines = readFileSync(join(artifacts, folder, MANIFEST), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => {
    const [sum = "", name = ""] = line.split("  ");
    return { name: join(folder, name), sum };
  });
}

const isBelow = (folder: string, name: string): boolean => folder === "." || name.startsWith(`${folder}/`);

/** What the list says of each file is true of the bytes that a client gets. */
async function filesOfJob({ client }: Observed, id: string): Promise<string[]> {
  const { data } = await client.get<{ data: ArtifactView[] }>(`/v1/jobs/${id}/artifacts`);
  const told: string[] = [];
  const covered = data.filter(({ name }) => basename(name) === MANIFEST).map(({ name }) => dirname(name));
  for (const file of data) {
    if (!covered.some((folder) => isBelow(folder, file.name)))
      told.push(`${id} lists ${file.name} without ${MANIFEST}`);
    const path = `/v1/jobs/${id}/artifacts/${file.name}`;
    const response = await fetch(new URL(path, client.url), { headers: { authorization: `Bearer ${client.key}` } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isSame = response.status === 200 && bytes.length === file.size_bytes && sha256(bytes) === file.sha256;
    if (!isSame) told.push(`${path}: ${response.status}, ${bytes.length} bytes, not those that are listed`);
  }
  return told;
}
