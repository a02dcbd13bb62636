import { ConfigurationError, hubConfiguration, hubEnvironment, readEnvironment } from "@espalier/contracts";
import { hubVariables } from "./hub-variables.js";

/** A hub that has not answered by then is told of as away. */
const PATIENCE_MS = 5_000;

/** Whether models of the hub can be downloaded from here, in a sentence; never throws. */
export async function hubState(dataDir: string): Promise<string> {
  try {
    const { isOpen, endpoint, dir, token } = hubConfiguration(
      readEnvironment(hubEnvironment, { ...process.env, ...hubVariables(dataDir) }),
      dataDir,
    );
    const kept = `models are kept in ${dir}`;
    if (!isOpen) return `closed by ESPALIER_HUB; ${kept}`;
    const answer = await fetch(`${endpoint}/api/models?limit=1`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
      () => undefined,
    );
    const state = answer === undefined ? "does not answer" : answer.ok ? "answers" : `answers ${answer.status}`;
    return `${endpoint} ${state}, ${token === undefined ? "without" : "with"} a token; ${kept}`;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.join(" ");
    throw error;
  }
}
