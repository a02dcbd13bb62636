// Rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev Approximations for the Error Function",
// Mathematics of Computation 23 (1969): relative error about 1e-16 in each interval. Highest power last.
const NEAR_P = [3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315];
const NEAR_Q = [2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1];
const MID_P = [
  1230.3393547979972, 2051.0783778260716, 1712.0476126340707, 881.952221241769, 298.6351381974001, 66.11919063714163,
  8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8,
];
const MID_Q = [
  1230.3393548037495, 3439.3676741437216, 4362.619090143247, 3290.7992357334597, 1621.3895745666903, 537.1811018620099,
  117.6939508913125, 15.744926110709835, 1,
];
const FAR_P = [
  -0.0006587491615298378, -0.016083785148742275, -0.12578172611122926, -0.36034489994980445, -0.30532663496123236,
  -0.016315387137302097,
];
const FAR_Q = [
  0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234604, 2.568520192289822, 1,
];

/** Where the approximation around zero ends. */
const NEAR_END = 0.46875;
/** Where the approximation in 1/x² begins. */
const FAR_START = 4;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

const erfNear = (x: number): number => (x * polynomial(NEAR_P, x * x)) / polynomial(NEAR_Q, x * x);

/** Scaled complementary error function exp(x²)·erfc(x) for x ≥ 0; 0 at infinity. */
export function erfcx(x: number): number {
  if (x <= NEAR_END) return Math.exp(x * x) * (1 - erfNear(x));
  if (x <= FAR_START) return polynomial(MID_P, x) / polynomial(MID_Q, x);
  const t = 1 / (x * x);
  return (ONE_OVER_SQRT_PI + (t * polynomial(FAR_P, t)) / polynomial(FAR_Q, t)) / x;
}

/** exp(-x²) with the square split in two, because rounding x² alone would cost |x|² ulps. */
function expMinusSquare(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** Complementary error function 1 - erf(x), accurate in its small tail too. */
export function erfc(x: number): number {
  if (Math.abs(x) <= NEAR_END) return 1 - erfNear(x);
  const tail = Math.abs(x) > 27 ? 0 : expMinusSquare(Math.abs(x)) * erfcx(Math.abs(x)); // below 5e-318 past 27
  return x > 0 ? tail : 2 - tail;
}
