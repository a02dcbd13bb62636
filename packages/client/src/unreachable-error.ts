/** Nothing answers at `url`, or it is no URL. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  constructor(
    readonly url: string,
    options?: ErrorOptions,
  ) {
    super(`No Espalier service answers at ${url}.`, options);
  }
}
