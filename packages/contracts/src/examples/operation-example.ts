/** Examples of one operation, for its description. A test validates each against the operation's own schema. */
export interface OperationExample {
  /** JSON that is sent. */
  readonly request?: unknown;
  /** What comes back: by status, then by media type. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const json = (body: unknown) => ({ "application/json": body });
