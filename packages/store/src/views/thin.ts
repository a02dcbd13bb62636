/** A point of a curve; a `isKept` one shows a change and should survive thinning. */
export interface Thinnable {
  readonly isKept: boolean;
}

/**
 * At most `room` of the points, in their order: first the kept ones (evenly chosen, the last always, when even they are too
 * many), then others at even distances.
 */
export function thin<P extends Thinnable>(points: readonly P[], room: number): readonly P[] {
  if (points.length <= room) return points;
  const kept = evenly(
    points.filter(({ isKept }) => isKept),
    room,
  );
  const others = evenly(
    points.filter(({ isKept }) => !isKept),
    room - kept.length,
  );
  const chosen = new Set<P>([...kept, ...others]);
  return points.filter((point) => chosen.has(point));
}

/** `count` of the items at even distances, counted back from the last one. */
export function evenly<P>(items: readonly P[], count: number): readonly P[] {
  if (items.length <= count) return items;
  return items.filter((_, index) => {
    const fromEnd = items.length - 1 - index;
    return (
      count > 0 && Math.floor((fromEnd * count) / items.length) !== Math.floor(((fromEnd - 1) * count) / items.length)
    );
  });
}
