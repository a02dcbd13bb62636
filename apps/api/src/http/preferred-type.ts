import { AppError } from "@espalier/contracts";

interface MediaRange {
  readonly range: string;
  readonly quality: number;
  readonly position: number;
}

function parseAccept(header: string): MediaRange[] {
  return header.split(",").flatMap((part, position) => {
    const [range = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    if (range === "") return [];
    const weight = parameters.map((text) => /^q\s*=\s*(\d(?:\.\d{0,3})?)$/.exec(text)?.[1]).find(Boolean);
    return [{ range, quality: weight === undefined ? 1 : Number(weight), position }];
  });
}

/** How closely a range names a type: 2 exactly, 1 by its family, 0 as anything; -1 not at all. */
function closeness(range: string, type: string): number {
  if (range === type) return 2;
  if (range === "*/*") return 0;
  return range === `${type.split("/")[0]}/*` ? 1 : -1;
}

/**
 * The offered media type that an `Accept` header likes best (RFC 9110 §12.5.1): by weight, then as listed there; the first
 * one without a header. Throws AppError NOT_ACCEPTABLE when it wants none of them.
 */
export function preferredType<T extends string>(header: string | undefined, offered: readonly [T, ...T[]]): T {
  if (header === undefined || header.trim() === "") return offered[0];
  const ranges = parseAccept(header);
  const liked = offered.flatMap((type) => {
    const best = ranges
      .filter(({ range }) => closeness(range, type) >= 0)
      .sort((a, b) => closeness(b.range, type) - closeness(a.range, type))[0];
    return best === undefined || best.quality === 0 ? [] : [{ type, ...best }];
  });
  const [first] = liked.sort((a, b) => b.quality - a.quality || a.position - b.position);
  if (first !== undefined) return first.type;
  throw new AppError("NOT_ACCEPTABLE", `This resource is given as ${offered.join(", ")}.`);
}
