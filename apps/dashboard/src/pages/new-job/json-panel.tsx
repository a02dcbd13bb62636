import { useState } from "react";
import { apiKey } from "../../api/api-key.js";
import { CopyButton } from "../../ui/copy-button.js";
import field from "../../ui/field.module.css";
import { curlOf } from "./curl.js";
import type { Body } from "./json-pointer.js";
import styles from "./new-job-page.module.css";

interface JsonPanelProps {
  readonly body: Body;
  readonly onBody: (body: Body) => void;
}

const INDENT = 2;

/** The same job as the JSON that is sent: to be read, changed, or copied as a command. */
export function JsonPanel({ body, onBody }: JsonPanelProps) {
  const json = JSON.stringify(body, null, INDENT);
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (text: string) => {
    setTyped(text);
    try {
      const read: unknown = JSON.parse(text);
      if (typeof read !== "object" || read === null || Array.isArray(read))
        throw new SyntaxError("a body is an object");
      setProblem(null);
      onBody(read as Body);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <details className={styles.more}>
      <summary>As JSON and curl</summary>
      <div className={styles.json}>
        <label className={field.field}>
          Body of the request
          <textarea
            rows={Math.min(24, json.split("\n").length + 1)}
            spellCheck={false}
            value={typed ?? json}
            aria-invalid={problem !== null}
            onChange={({ target }) => change(target.value)}
            onBlur={() => {
              if (problem === null) setTyped(null);
            }}
          />
          {problem !== null && <span className={field.error}>✕ {problem}</span>}
        </label>
        <div className={styles.curl}>
          <pre>{curlOf(location.origin, json, apiKey.read() !== null)}</pre>
          <CopyButton text={curlOf(location.origin, json, apiKey.read() !== null)} what="the curl command" />
        </div>
      </div>
    </details>
  );
}
