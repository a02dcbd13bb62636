import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Column } from "./data-table.js";
import { type ListSize, rowWindow, scrollTopOf } from "./row-window.js";
import styles from "./virtual-table.module.css";

/** A column of given width: what scrolls past must not move what stays. */
export interface VirtualColumn<Row> extends Column<Row> {
  /** In CSS; the last one takes the rest. */
  readonly width: string;
}

interface VirtualTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly VirtualColumn<Row>[];
  readonly rows: number;
  /** Undefined: not there yet. */
  readonly rowAt: (index: number) => Row | undefined;
  /** Told which rows are in view, by index. */
  readonly onView: (first: number, last: number) => void;
  /** Row to scroll to; another object scrolls again. */
  readonly goTo: { readonly row: number } | undefined;
  /** Stands below the rows. */
  readonly children?: ReactNode;
}

const ROW_HEIGHT = 36;
const VIEWPORT = 576;

/** A table of any length of which only what is in view exists. The keys that scroll a page scroll it. */
export function VirtualTable<Row>({ caption, columns, rows, rowAt, onView, goTo, children }: VirtualTableProps<Row>) {
  const place = useRef<HTMLElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const size: ListSize = { rows, rowHeight: ROW_HEIGHT, viewport: Math.min(VIEWPORT, Math.max(1, rows) * ROW_HEIGHT) };
  const { height, first, count, top } = rowWindow(size, scrollTop);
  const last = first + count - 1;
  useEffect(() => onView(first, last), [onView, first, last]);
  const known = rows > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows at the end are no reason to scroll
  useLayoutEffect(() => {
    if (goTo === undefined || !known || place.current === null) return;
    place.current.scrollTop = scrollTopOf(size, goTo.row);
  }, [goTo, known]);
  const below = height - top - count * ROW_HEIGHT;
  return (
    <div className={styles.frame}>
      <section
        ref={place}
        className={styles.scroll}
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        onScroll={({ currentTarget }) => setScrollTop(currentTarget.scrollTop)}
      >
        <table className={styles.table} aria-rowcount={rows + 1}>
          <caption className="visually-hidden">{caption}</caption>
          <colgroup>
            {columns.map(({ title, width }) => (
              <col key={title} style={{ width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(({ title, numeric }) => (
                <th key={title} scope="col" className={numeric ? styles.numeric : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr style={{ height: top }} />
            {Array.from({ length: count }, (_none, offset) => {
              const index = first + offset;
              return <Row key={index} index={index} columns={columns} row={rowAt(index)} />;
            })}
            <tr style={{ height: Math.max(0, below) }} />
          </tbody>
        </table>
      </section>
      {children}
    </div>
  );
}

interface RowProps<Shown> {
  readonly index: number;
  readonly columns: readonly VirtualColumn<Shown>[];
  readonly row: Shown | undefined;
}

function Row<Shown>({ index, columns, row }: RowProps<Shown>) {
  return (
    <tr aria-rowindex={index + 2} aria-busy={row === undefined} className={styles.row}>
      {columns.map(({ title, numeric, cell }) => (
        <td key={title} className={numeric ? styles.numeric : undefined}>
          {row === undefined ? <span className={styles.waiting} /> : cell(row)}
        </td>
      ))}
    </tr>
  );
}
