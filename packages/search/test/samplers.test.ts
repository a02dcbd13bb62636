import { samplerNames, samplerRegistry, type TpePresetName, tpeOptions, tpePresets, tpeSampler } from "../src/index.js";
import { samplerContract } from "./sampler-contract.js";

for (const name of samplerNames) samplerContract(name, () => samplerRegistry[name]());

for (const preset of Object.keys(tpePresets) as TpePresetName[]) {
  samplerContract(`tpe, preset ${preset}`, () => tpeSampler(tpeOptions({}, preset)));
}
samplerContract("tpe in groups", () => tpeSampler(tpeOptions({ joint: "groups" })));
samplerContract("tpe, one by one, from the first trial", () =>
  tpeSampler(tpeOptions({ multivariate: false, startupTrials: 0, start: "spread" })),
);
samplerContract("tpe, changes of the best trial only", () => tpeSampler(tpeOptions({ localShare: 1 })));
