import type { Picture } from "./read-png.js";

/** A picture of at most 256 colours: `indices` has a byte a pixel, `colours` three a colour. */
export interface Indexed {
  readonly width: number;
  readonly height: number;
  readonly colours: readonly (readonly [number, number, number])[];
  readonly indices: Uint8Array;
}

const MOST = 256;

/** Squared distance, weighted by what the eye tells apart. */
const distance = (a: number, b: number): number => {
  const [red, green, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)];
  return 2 * red * red + 4 * green * green + 3 * blue * blue;
};

/**
 * The commonest colours of a page, and each other colour as the nearest of them: flat surfaces and lines stay what they
 * are, only the rarest shades at the edges of letters move. Transparency is left out.
 */
export function indexed({ width, height, channels, pixels }: Picture): Indexed {
  const counts = new Map<number, number>();
  const colourAt = (pixel: number): number =>
    (pixels[pixel * channels] << 16) | (pixels[pixel * channels + 1] << 8) | pixels[pixel * channels + 2];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = colourAt(pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const kept = [...counts]
    .sort(([a, many], [b, more]) => more - many || a - b)
    .slice(0, MOST)
    .map(([colour]) => colour);
  const places = new Map(kept.map((colour, place) => [colour, place]));
  const placeOf = (colour: number): number => {
    const known = places.get(colour);
    if (known !== undefined) return known;
    let best = 0;
    for (let place = 1; place < kept.length; place++)
      if (distance(kept[place], colour) < distance(kept[best], colour)) best = place;
    places.set(colour, best);
    return best;
  };
  const indices = Uint8Array.from({ length: width * height }, (_, pixel) => placeOf(colourAt(pixel)));
  return { width, height, indices, colours: kept.map((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]) };
}
