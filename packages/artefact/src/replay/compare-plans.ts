import type { PlannedLayer } from "@espalier/contracts";

/** A sentence for each layer in which two plans keep other units; both are of one model. */
export function comparePlans(recipe: readonly PlannedLayer[], here: readonly PlannedLayer[]): readonly string[] {
  if (recipe.length !== here.length) return [`The recipe has ${recipe.length} layers, the model ${here.length}.`];
  return recipe.flatMap((layer, l) => {
    const parts = [
      difference("key-value groups", layer.kv_groups, here[l]?.kv_groups),
      difference("query heads", layer.query_heads, here[l]?.query_heads),
      difference("MLP channels", layer.channels, here[l]?.channels),
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? [] : [`Layer ${l}: ${parts.join("; ")}.`];
  });
}

/** Units named at most, of each side. */
const SHOWN = 8;

function difference(
  what: string,
  recipe: readonly number[] | undefined,
  here: readonly number[] | undefined,
): string | undefined {
  if (recipe === undefined && here === undefined) return undefined;
  if (recipe === undefined || here === undefined) {
    return `the recipe ${recipe === undefined ? "keeps all" : "drops some"} ${what}, this run ${here === undefined ? "keeps all" : "drops some"}`;
  }
  const [only, other] = [without(recipe, here), without(here, recipe)];
  if (only.length + other.length === 0) return undefined;
  return `of its ${what} the recipe keeps ${units(only)} and this run ${units(other)} that the other does not`;
}

function without(a: readonly number[], b: readonly number[]): readonly number[] {
  const there = new Set(b);
  return a.filter((unit) => !there.has(unit));
}

const units = (list: readonly number[]): string =>
  list.length === 0
    ? "none"
    : `${list.slice(0, SHOWN).join(", ")}${list.length > SHOWN ? ` and ${list.length - SHOWN} more` : ""}`;
