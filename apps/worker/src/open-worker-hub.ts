import { type Environment, hubConfiguration, type hubEnvironment } from "@espalier/contracts";
import { type Hub, openHub } from "@espalier/model/hub";
import { guardedNetwork } from "@espalier/webhooks";

/** The hub that an environment names, behind the address guard. */
export function openWorkerHub(
  env: Environment<(typeof hubEnvironment)[number]> & { readonly ESPALIER_DATA_DIR: string },
): Hub {
  const { allowedCidrs, allowHttp, ...settings } = hubConfiguration(env, env.ESPALIER_DATA_DIR);
  const network = guardedNetwork({ allowedCidrs, allowHttp });
  return openHub({ ...settings, network, now: Date.now, random: Math.random });
}
