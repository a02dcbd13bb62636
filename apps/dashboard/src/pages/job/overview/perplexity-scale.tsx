import { formatPerplexity } from "@espalier/contracts";
import { type Found, placesOnScale } from "./found-so-far.js";
import styles from "./perplexity-scale.module.css";

/** Dense, found and baseline side by side on one line: how much of the way was lost. */
export function PerplexityScale({ found }: { readonly found: Found }) {
  const marks = [
    { name: "Dense", look: "dense", value: found.dense },
    { name: "Found", look: "found", value: found.found },
    { name: "Best baseline", look: "baseline", value: found.baseline?.perplexity ?? null },
  ] as const;
  const places = placesOnScale(marks.map(({ value }) => value));
  const known = marks.flatMap((mark, index) => {
    const place = places[index] ?? null;
    return place === null ? [] : [{ ...mark, place }];
  });
  return (
    <div className={styles.scale}>
      <div className={styles.line} aria-hidden="true" />
      <ul className={styles.marks}>
        {known.map(({ name, look, value, place }) => (
          <li key={name} className={styles[look]} style={{ left: `${100 * place}%` }}>
            <span className={styles.dot} aria-hidden="true" />
            <span className={styles.name}>{name}</span>
            <span>{formatPerplexity(value)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
