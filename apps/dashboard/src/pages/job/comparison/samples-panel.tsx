import { Panel } from "../../../ui/panel.js";
import type { Comparison } from "./compared-rows.js";
import { firstDifference } from "./first-difference.js";
import styles from "./samples-panel.module.css";

type Texts = NonNullable<Comparison["text_samples"]>;
type Continuation = Texts["samples"][number]["continuations"][number];

interface SamplesPanelProps {
  /** Undefined until the job has finished. */
  readonly texts: Texts | undefined;
  readonly sparsity: number;
  /** Whether the found plan was recovered: what it writes is what it writes since. */
  readonly isRecovered: boolean;
}

const HINT =
  "Each goes on with the same beginning of the report text, always with the token that it holds likeliest. From the bar on they differ. For the eye, no measure.";

/** Text of the dense model beside that of the found plan. */
export function SamplesPanel({ texts, sparsity, isRecovered }: SamplesPanelProps) {
  if (texts === undefined) return null;
  if (texts.reason !== null) {
    return (
      <Panel title="What they write">
        <p className={styles.reason}>{texts.reason}</p>
      </Panel>
    );
  }
  return (
    <Panel title="What they write" hint={HINT}>
      {texts.samples.map(({ prompt, continuations }) => {
        const dense = continuations.find((one) => one.sparsity === 0);
        const found = continuations.find((one) => one.sparsity === sparsity);
        if (dense === undefined || found === undefined) return null;
        const who = `Found plan, ${found.model}${isRecovered ? ", recovered" : ""}`;
        return <Sample key={prompt} prompt={prompt} dense={dense} found={found} who={who} />;
      })}
    </Panel>
  );
}

interface SampleProps {
  readonly prompt: string;
  readonly dense: Continuation;
  readonly found: Continuation;
  /** What the found plan is called. */
  readonly who: string;
}

function Sample({ prompt, dense, found, who }: SampleProps) {
  const { same, first, second, words } = firstDifference(dense.text, found.text);
  return (
    <article className={styles.sample}>
      <h3 className={styles.prompt}>{prompt.trim()} …</h3>
      <div className={styles.pair}>
        <Text who="Dense model" kind="dense" same={same} rest={first} ended={dense.ended} />
        <Text who={who} kind="found" same={same} rest={second} ended={found.ended} />
      </div>
      <p className={styles.note}>{agreement(words, first === "" && second === "")}</p>
    </article>
  );
}

function agreement(words: number, isWhole: boolean): string {
  if (isWhole) return "Both write the same.";
  if (words === 0) return "They differ from the first word on.";
  return `The first ${words === 1 ? "word is" : `${words} words are`} the same.`;
}

interface TextProps {
  readonly who: string;
  readonly kind: "dense" | "found";
  readonly same: string;
  readonly rest: string;
  readonly ended: boolean;
}

function Text({ who, kind, same, rest, ended }: TextProps) {
  const lead = same.trimStart();
  return (
    <div className={styles.text}>
      <h4 className={styles[kind]}>{who}</h4>
      <p>
        {lead}
        {rest !== "" && <mark>{lead === "" ? rest.trimStart() : rest}</mark>}
        {ended && <span className={styles.note}> (the text ends here)</span>}
      </p>
    </div>
  );
}
