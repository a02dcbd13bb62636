import type { CursorValues } from "../cursors/cursor.js";
import { Prisma } from "../generated/client.js";

/** A column that rows are sorted by, and the Postgres type that a cursor's value of it is read as. */
export interface SortColumn {
  readonly column: Prisma.Sql;
  readonly type: Prisma.Sql;
}

/** Which rows of a sorted list come next. */
export interface Keyset {
  /** Undefined: sorted by the tie alone. */
  readonly by: (SortColumn & { readonly isNullable: boolean }) | undefined;
  /** Orders rows of equal value, in the direction of the sort; unique. */
  readonly tie: SortColumn;
  readonly isDescending: boolean;
  readonly limit: number;
  /** Value and tie of the last row seen. */
  readonly after: CursorValues | undefined;
}

/** Reads `limit` rows that meet a condition, in an order. */
type ReadRows<Row> = (condition: Prisma.Sql, order: Prisma.Sql, limit: number) => Promise<readonly Row[]>;

/**
 * Next rows of a list, without OFFSET: they are found by the last row's values, so nothing is missed or repeated while
 * rows are inserted. Rows with a value are read first, along their index, then those without: nulls come last in both
 * directions.
 */
export async function readKeyset<Row>(keyset: Keyset, read: ReadRows<Row>): Promise<readonly Row[]> {
  const { by, tie, isDescending, limit, after } = keyset;
  const direction = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const beyond = isDescending ? Prisma.sql`<` : Prisma.sql`>`;
  const [value = null, last = null] = after ?? [];
  const byTie = Prisma.sql`${tie.column} ${direction}`;
  const afterTie = last === null ? Prisma.sql`true` : Prisma.sql`${tie.column} ${beyond} ${last}::${tie.type}`;
  if (by === undefined) return read(afterTie, byTie, limit);

  const isAmongNulls = after !== undefined && value === null;
  const afterValue =
    value === null
      ? Prisma.sql`true`
      : Prisma.sql`(${by.column}, ${tie.column}) ${beyond} (${value}::${by.type}, ${last}::${tie.type})`;
  const hasValue = by.isNullable ? Prisma.sql`${by.column} IS NOT NULL AND ${afterValue}` : afterValue;
  const byValue = Prisma.sql`${by.column} ${direction}, ${byTie}`;
  const valued = isAmongNulls ? [] : await read(hasValue, byValue, limit);
  if (valued.length === limit || !by.isNullable) return valued;
  const rest = Prisma.sql`${by.column} IS NULL AND ${isAmongNulls ? afterTie : Prisma.sql`true`}`;
  // By the empty value, too, which says nothing but that the index gives this order.
  return [...valued, ...(await read(rest, byValue, limit - valued.length))];
}
