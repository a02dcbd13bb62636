/** What a span is about; attributes are ids, names and numbers, never texts of clients. */
export interface SpanOptions {
  readonly name: string;
  /** `traceparent` of the caller in another process; null starts a trace, undefined goes on with the current span. */
  readonly parent?: string | null | undefined;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** A span that runs. */
export interface Span {
  set(attributes: NonNullable<SpanOptions["attributes"]>): void;
}

/** Where time goes, followed from the request to the last webhook. */
export interface Tracing {
  /** Runs `work` as one span; spans that it opens are children. */
  span<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** The current span as W3C `traceparent`, to be stored with the work that it leads to. */
  traceParent(): string | null;
}

/** Tracing that is off. */
export const untraced: Tracing = { span: (_, work) => work({ set: () => undefined }), traceParent: () => null };
