import type { Schema } from "./body-schema.js";

/** What every kind of input gets. */
export interface InputProps {
  readonly id: string;
  readonly schema: Schema;
  readonly value: unknown;
  /** Undefined: as the service chooses. */
  readonly onValue: (value: unknown) => void;
  /** Ids of what explains it. */
  readonly describedBy: string;
  readonly isInvalid: boolean;
}
