import type { ReactNode } from "react";
import styles from "./choices.module.css";

interface ChoicesProps {
  /** What is chosen, in a word. */
  readonly label: string;
  /** Links; the one that is shown has `aria-current`. */
  readonly children: ReactNode;
}

/** Links of which one is shown, side by side: what they choose stands in the URL. */
export const Choices = ({ label, children }: ChoicesProps) => (
  <nav className={styles.choices} aria-label={label}>
    <span aria-hidden="true">{label}</span>
    {children}
  </nav>
);
