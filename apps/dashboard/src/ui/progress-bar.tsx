import styles from "./progress-bar.module.css";

interface ProgressBarProps {
  readonly label: string;
  /** Share that is done, 0 to 1. */
  readonly fraction: number;
  readonly tone?: "running" | "good" | "warn" | "bad" | "idle";
}

/** How far something is. */
export function ProgressBar({ label, fraction, tone = "running" }: ProgressBarProps) {
  return <progress className={`${styles.bar} ${styles[tone]}`} aria-label={label} value={fraction} max={1} />;
}
