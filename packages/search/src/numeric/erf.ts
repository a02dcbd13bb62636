// Rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev Approximations for the Error Function",
// Mathematics of Computation 23 (1969): relative error about 1e-16 in each interval. Polynomials are written out: a loop over
// coefficients would make one term wait for the other.
/** Where the approximation around zero ends. */
const NEAR_END = 0.46875;
/** Where the approximation in 1/x² begins. */
const FAR_START = 4;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

function erfNear(x: number): number {
  const t = x * x;
  const p =
    (((0.18577770618460315 * t + 3.1611237438705655) * t + 113.86415415105016) * t + 377.485237685302) * t +
    3209.3775891384694;
  const q = (((1 * t + 23.601290952344122) * t + 244.02463793444417) * t + 1282.6165260773723) * t + 2844.236833439171;
  return (x * p) / q;
}

function erfcxMiddle(x: number): number {
  const p =
    (((((((2.1531153547440383e-8 * x + 0.5641884969886701) * x + 8.883149794388377) * x + 66.11919063714163) * x +
      298.6351381974001) *
      x +
      881.952221241769) *
      x +
      1712.0476126340707) *
      x +
      2051.0783778260716) *
      x +
    1230.3393547979972;
  const q =
    (((((((1 * x + 15.744926110709835) * x + 117.6939508913125) * x + 537.1811018620099) * x + 1621.3895745666903) * x +
      3290.7992357334597) *
      x +
      4362.619090143247) *
      x +
      3439.3676741437216) *
      x +
    1230.3393548037495;
  return p / q;
}

function erfcxFar(x: number): number {
  const t = 1 / (x * x);
  const p =
    ((((-0.016315387137302097 * t - 0.30532663496123236) * t - 0.36034489994980445) * t - 0.12578172611122926) * t -
      0.016083785148742275) *
      t -
    0.0006587491615298378;
  const q =
    ((((1 * t + 2.568520192289822) * t + 1.8729528499234604) * t + 0.5279051029514285) * t + 0.06051834131244132) * t +
    0.0023352049762686918;
  return (ONE_OVER_SQRT_PI + (t * p) / q) / x;
}

/** Scaled complementary error function exp(x²)·erfc(x) for x ≥ 0; 0 at infinity. */
export function erfcx(x: number): number {
  if (x <= NEAR_END) return Math.exp(x * x) * (1 - erfNear(x));
  return x <= FAR_START ? erfcxMiddle(x) : erfcxFar(x);
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
