export type { DecoderShape, LayerShape } from "./decoder-shape.js";
export { AppError, type AppErrorOptions, type FieldProblem } from "./errors/app-error.js";
export { type ErrorCode, errorCatalogue } from "./errors/catalogue.js";
