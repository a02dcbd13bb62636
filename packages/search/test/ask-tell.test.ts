import { describe, expect, it } from "vitest";
import type { Answer, Message, Report, Settings } from "../src/ask-tell/message.js";
import { newSession, takeTurn } from "../src/ask-tell/session.js";
import { streamRng } from "../src/random/stream.js";
import { samplerRegistry } from "../src/samplers/registry.js";
import { readParameter } from "../src/space/read-parameter.js";
import { defineSpace } from "../src/space/space.js";

const settings: Settings = {
  space: [
    { name: "x", type: "float", low: -2, high: 2 },
    { name: "mode", type: "categorical", choices: ["a", 1, null, true] },
  ],
  seed: 3,
  directions: ["minimize"],
  sampler: "tpe",
  options: {},
};
const configure = (changes: Partial<Settings> = {}): Message => ({
  kind: "configure",
  settings: { ...settings, ...changes },
});
const ask: Message = { kind: "ask" };
const tell = (number: number, report: Omit<Report, "number">): Message => ({
  kind: "tell",
  report: { number, ...report },
});

function answers(...messages: Message[]): Answer[] {
  let session = newSession;
  return messages.map((message) => {
    const turn = takeTurn(session, message);
    session = turn.session;
    return turn.answer;
  });
}

const errorOf = (answer: Answer | undefined): string =>
  answer !== null && answer !== undefined && "error" in answer ? answer.error : "no error";

/** Ask, evaluate, tell; the trials' params and the best value. */
function search(changes: Partial<Settings>, count: number, report: (x: number, n: number) => Omit<Report, "number">) {
  let { session } = takeTurn(newSession, configure(changes));
  const asked = [];
  for (let n = 0; n < count; n++) {
    const turn = takeTurn(session, ask);
    if (turn.answer === null || !("params" in turn.answer)) throw new Error(`trial ${n}: ${errorOf(turn.answer)}`);
    asked.push(turn.answer.params);
    const told = takeTurn(turn.session, tell(n, report(Number(turn.answer.params["x"]), n)));
    expect(told.answer).toEqual({ ok: true });
    session = told.session;
  }
  return { asked, session };
}

describe("a session of asking and telling", () => {
  it("numbers its proposals from 0 and gives choices as they were written", () => {
    const [silent, ...proposals] = answers(configure(), ...Array.from({ length: 12 }, () => ask));
    expect(silent).toBeNull();
    proposals.forEach((answer, number) => {
      if (answer === null || !("params" in answer)) throw new Error("not a proposal");
      expect(answer.number).toBe(number);
      expect(settings.space[1]).toMatchObject({ choices: expect.arrayContaining([answer.params["mode"]]) });
    });
  });

  it("proposes what the sampler proposes from the same history", () => {
    const { asked } = search({}, 15, (x) => ({ values: [x * x] }));
    const trials = asked.slice(0, 14).map((params, number) => ({
      number,
      state: "complete" as const,
      params,
      values: [Number(params["x"]) ** 2],
    }));
    const history = { directions: settings.directions, trials };
    const direct = samplerRegistry.tpe().suggest(defineSpace(settings.space), history, streamRng(3, 14));
    expect(asked[14]).toEqual(direct);
  });

  it("repeats itself for the same messages and differs by seed", () => {
    const run = (seed: number) => search({ seed }, 20, (x) => ({ values: [x] })).asked;
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("learns in every direction, from pruned and failed trials too, with any preset and with constraints", () => {
    const mixed = (x: number, n: number): Omit<Report, "number"> => {
      if (n % 5 === 1) return { state: "failed" };
      if (n % 5 === 2) return { state: "pruned", intermediate: [[1, Number.NaN]] };
      return { values: [x * x, -x], constraints: [x - 1] };
    };
    for (const preset of ["espalier", "optuna49", "optuna49Multivariate", "optuna5"] as const) {
      const changes: Partial<Settings> = { preset, directions: ["minimize", "maximize"], options: { candidates: 4 } };
      expect(search(changes, 30, mixed).asked).toHaveLength(30);
    }
    const best = search({}, 60, (x) => ({ values: [(x - 0.3) ** 2] })).asked.map((params) => Number(params["x"]));
    expect(Math.min(...best.map((x) => Math.abs(x - 0.3)))).toBeLessThan(0.05);
  });

  it("takes a NaN result as a failed trial and keeps infinities", () => {
    const values = [Number.NaN, Infinity, 1];
    const { session } = search({}, 3, (_, n) => ({ values: [values[n]] }));
    if (session.kind !== "open") throw new Error("open by now");
    expect(session.trials.map(({ state }) => state)).toEqual(["failed", "complete", "complete"]);
    expect(session.trials.map(({ values: kept }) => kept)).toEqual([undefined, [Infinity], [1]]);
  });
});

describe("what a session refuses, and then goes on", () => {
  it("says which trials are open when one is unknown or told already", () => {
    const [, , , , taken, unknown, again, last, none] = answers(
      configure(),
      ask,
      ask,
      ask,
      tell(1, { values: [1] }),
      tell(9, { values: [1] }),
      tell(1, { values: [1] }),
      tell(0, { values: [2] }),
      tell(0, { state: "failed" }),
    );
    expect([taken, last]).toEqual([{ ok: true }, { ok: true }]);
    expect(errorOf(unknown)).toBe("trial 9 was never asked; open: 0, 2");
    expect(errorOf(again)).toBe("trial 1 is told already (complete); open: 0, 2");
    expect(errorOf(none)).toBe("trial 0 is told already (complete); open: 2");
    expect(errorOf(answers(configure(), tell(0, { values: [1] }))[1])).toMatch(/no trial is open/);
    const many = answers(configure(), ...Array.from({ length: 25 }, () => ask), tell(30, { values: [1] }));
    expect(errorOf(many.at(-1))).toMatch(/18, 19 and 5 more$/);
  });

  it("refuses reports that do not say what came of a trial, and leaves the trial open", () => {
    const reports: [Omit<Report, "number">, RegExp][] = [
      [{}, /neither values nor a state/],
      [{ values: [1, 2] }, /2 values, must be 1/],
      [{ values: [] }, /0 values/],
      [{ values: [1], state: "failed" }, /leave values out/],
      [{ values: [1], state: "pruned" }, /last intermediate/],
      [{ values: [1], constraints: [Number.NaN] }, /constraints NaN/],
    ];
    const given = answers(configure(), ask, ...reports.map(([report]) => tell(0, report)), tell(0, { values: [1] }));
    reports.forEach(([, message], i) => {
      expect(errorOf(given[i + 2])).toMatch(message);
    });
    expect(given.at(-1)).toEqual({ ok: true });
  });

  it("waits for settings that it can use, and takes them once", () => {
    const wrong: [Message, RegExp][] = [
      [ask, /before the space is given/],
      [tell(0, { values: [1] }), /before the space is given/],
      [configure({ space: [] }), /space is empty/],
      [configure({ space: [{ name: "x", type: "int", low: 2, high: 1 }] }), /'x': low 2 is above high 1/],
      [configure({ directions: [] }), /directions is empty/],
      [configure({ seed: 0.5 }), /seed 0.5/],
      [configure({ options: { candidates: 0 } }), /candidates is 0/],
      [configure({ sampler: "random", options: { candidates: 3 } }), /'random' has no options/],
    ];
    const given = answers(...wrong.map(([message]) => message), configure({ sampler: "random" }), configure(), ask);
    wrong.forEach(([, message], i) => {
      expect(errorOf(given[i])).toMatch(message);
    });
    expect(given[wrong.length]).toBeNull();
    expect(errorOf(given[wrong.length + 1])).toMatch(/given already/);
    expect(given.at(-1)).toMatchObject({ number: 0 });
  });
});

describe("a conditional parameter", () => {
  it("is asked for only where its condition holds", () => {
    const when = { mode: ["a", 1] };
    const conditional: Settings["space"] = [...settings.space, { name: "z", type: "int", low: 1, high: 5, when }];
    const { asked } = search({ space: conditional }, 30, (x) => ({ values: [x * x] }));
    for (const params of asked) expect("z" in params).toBe(params["mode"] === "a" || params["mode"] === 1);
    const [refused] = answers(configure({ space: conditional.slice(1).filter(({ name }) => name !== "mode") }));
    expect(errorOf(refused)).toMatch(/'z': when names 'mode', which is not in the space/);
  });
});

describe("reading a parameter of unknown origin", () => {
  it("takes the three types, with log and step left out or null", () => {
    const float = { name: "x", type: "float", low: 0, high: 1 };
    expect(readParameter(float, "refuse")).toEqual({ ...float, log: false, step: null });
    const int = { name: "k", type: "int", low: 1, high: 9, log: true, step: 1 };
    expect(readParameter(int, "refuse")).toEqual(int);
    const choice = { name: "c", type: "categorical", choices: ["a", 0, null, false] };
    expect(readParameter({ ...choice, note: "" }, "ignore")).toEqual(choice);
    const when = { mode: ["a", 1] };
    for (const parameter of [int, choice]) {
      expect(readParameter({ ...parameter, when }, "refuse")).toEqual({ ...parameter, when });
    }
  });

  it("names what is wrong", () => {
    const wrong: [unknown, RegExp][] = [
      ["x", /must be an object/],
      [{ type: "float" }, /name is missing/],
      [{ name: "x", type: "real" }, /'x': type is "real", must be one of float, int, categorical/],
      [{ name: "x", type: "float", low: "0", high: 1 }, /low is "0", must be a number/],
      [{ name: "x", type: "float", low: 0, high: 1, log: 1 }, /log is 1/],
      [{ name: "x", type: "float", low: 0, high: 1, step: "1" }, /step is "1"/],
      [{ name: "x", type: "float", low: 0, high: 1, stp: 1 }, /no field 'stp'/],
      [{ name: "x", type: "categorical", choices: "ab" }, /choices is "ab", must be a list/],
      [{ name: "x", type: "categorical", choices: [["a"]] }, /choices\[0\] is \["a"\]/],
      [{ name: "x", type: "categorical", choices: ["a"], when: ["b"] }, /when is \["b"\], must be an object/],
      [{ name: "x", type: "float", low: 0, high: 1, when: { c: "b" } }, /when\.c is "b", must be a list/],
    ];
    for (const [value, message] of wrong) expect(() => readParameter(value, "refuse")).toThrow(message);
    expect(() => defineSpace([{ name: "__proto__", type: "float", low: 0, high: 1 }])).toThrow(/__proto__/);
  });
});
