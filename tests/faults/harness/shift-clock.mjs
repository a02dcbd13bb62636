// Given to Node with --import: every Date of this process is CLOCK_SHIFT_SECONDS ahead.
const shift = Number(process.env["CLOCK_SHIFT_SECONDS"]) * 1000;
const Actual = globalThis.Date;

globalThis.Date = class extends Actual {
  constructor(...given) {
    super(...(given.length === 0 ? [Actual.now() + shift] : given));
  }
  static now() {
    return Actual.now() + shift;
  }
};
