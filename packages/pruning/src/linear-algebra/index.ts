export { choleskyInPlace, NotPositiveDefiniteError } from "./cholesky.js";
export { inverseSpd } from "./inverse.js";
export { addProduct } from "./product.js";
export { solveRowsInPlace } from "./solve.js";
export { complement, indices, submatrix } from "./submatrix.js";
