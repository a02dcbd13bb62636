import { formatPercent, isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useApi } from "../../../api/api-context.js";
import { historyQuery } from "../../../api/job-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import { Panel } from "../../../ui/panel.js";
import stack from "../../../ui/stack.module.css";
import { useJob } from "../job-context.js";
import { specOf } from "../spec-of.js";
import { EndingsPanel } from "./endings-panel.js";
import { RacesPanel } from "./races-panel.js";
import { endingsOf, type History, racesOf, racingSentence } from "./racing-data.js";
import styles from "./racing-page.module.css";
import { RunningPanel } from "./running-panel.js";

const HEIGHT = 420;

/** As many as the history draws, so that both views share an answer. */
const POINTS = 1000;

/** Each trial against the best one before it, and what stopping the losers saved. */
export function RacingPage() {
  const { job } = useJob();
  const { client, source } = useApi();
  const { isRaced, sparsities } = useMemo(() => specOf(job), [job]);
  const query = useQuery({ ...historyQuery(client, job.id, POINTS), enabled: isRaced });
  if (!isRaced) return <NoRacing targets={sparsities.length} />;
  return (
    <div className={stack.column}>
      <Saved />
      {source === "service" && !isTerminal(job.state) && <RunningPanel />}
      <Loaded query={query} height={HEIGHT}>
        {(history) => <Races history={history} />}
      </Loaded>
    </div>
  );
}

function Saved() {
  const { job } = useJob();
  const { trials } = job;
  return (
    <Panel
      title="Text not read"
      hint="A trial reads the scoring text piece by piece, in the order in which the best trial did. Once a test shows that it loses clearly it is stopped, since the rest of the text is very unlikely to make it the best."
    >
      <p className={styles.number}>
        {trials.completed + trials.pruned === 0 ? "–" : formatPercent(trials.tokens_saved)}
      </p>
      <p>{racingSentence(trials)}</p>
    </Panel>
  );
}

function Races({ history }: { readonly history: History }) {
  const races = useMemo(() => racesOf(history), [history]);
  const endings = useMemo(() => endingsOf(races), [races]);
  if (races.every(({ behind }) => behind === null)) {
    return (
      <Message title="No race to show yet" tone="empty">
        The first trial has no rival; every one after it appears here by itself.
      </Message>
    );
  }
  return (
    <div className={stack.wide}>
      <RacesPanel races={races} isThinned={history.thinned} total={history.total} />
      <EndingsPanel endings={endings} />
    </div>
  );
}

function NoRacing({ targets }: { readonly targets: number }) {
  return (
    <Message title="This job does not race" tone="empty">
      <p>
        With racing a trial is stopped as soon as it clearly loses to the best one, instead of reading all of the
        scoring text. That pays with many trials and a long scoring text: a search looks at more plans in the same time.
      </p>
      <p>
        {targets > 1
          ? "It is off where a job has several targets, unless it is asked for: there a trial is judged by its mean, and one that would win at a single target may be stopped. "
          : "It is on for jobs with one target unless they turn it off or use the preset adapruner. "}
        Ask for it in a new job with <code>"search": {'{ "racing": true }'}</code>.
      </p>
    </Message>
  );
}
