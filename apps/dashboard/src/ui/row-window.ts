/** Browsers give no element more: Firefox ends at 17.9 million pixels. Longer lists scroll faster than the finger. */
const TALLEST = 15_000_000;

/** What of a long list is in view. Lengths in pixels. */
export interface RowWindow {
  /** Height of the scrolled element. */
  readonly height: number;
  /** First row in view, from 0. */
  readonly first: number;
  /** Rows from there on that are in view, in part or whole. */
  readonly count: number;
  /** Where the first one stands in the scrolled element. */
  readonly top: number;
}

export interface ListSize {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of the part that is in view. */
  readonly viewport: number;
}

/** Length that the list has, and length that is scrolled. */
function lengthsOf({ rows, rowHeight, viewport }: ListSize) {
  const whole = rows * rowHeight;
  const height = Math.min(whole, TALLEST);
  return { whole, height, factor: whole === height ? 1 : (whole - viewport) / (height - viewport) };
}

/** Rows in view once the element is scrolled to `scrollTop`: of a list that is too long each pixel stands for several. */
export function rowWindow(size: ListSize, scrollTop: number): RowWindow {
  const { whole, height, factor } = lengthsOf(size);
  const scrolled = Math.min(Math.max(0, scrollTop), Math.max(0, height - size.viewport));
  const position = Math.min(scrolled * factor, Math.max(0, whole - size.viewport));
  const first = Math.min(Math.floor(position / size.rowHeight), Math.max(0, size.rows - 1));
  const count = Math.min(size.rows - first, Math.ceil(size.viewport / size.rowHeight) + 1);
  return { height, first, count, top: scrolled - (position - first * size.rowHeight) };
}

/** Where to scroll so that a row stands at the top, as far as the list's end lets it. */
export function scrollTopOf(size: ListSize, row: number): number {
  const { height, factor } = lengthsOf(size);
  const wanted = (Math.min(Math.max(0, row), size.rows - 1) * size.rowHeight) / factor;
  // Half a pixel, lest rounding shows the end of the row before.
  return Math.max(0, Math.min(Math.ceil(wanted * 2) / 2, height - size.viewport));
}
