import type { ComparedFile } from "@espalier/contracts";

type Hashes = Readonly<Record<string, string>>;

/** Two sets of files by name, those of one side only among them. */
export function compareHashes(recipe: Hashes, here: Hashes): readonly ComparedFile[] {
  const names = [...new Set([...Object.keys(recipe), ...Object.keys(here)])].sort();
  return names.map((name) => ({ name, recipe: recipe[name] ?? null, here: here[name] ?? null }));
}

export const isDifferent = ({ recipe, here }: Pick<ComparedFile, "recipe" | "here">): boolean => recipe !== here;
