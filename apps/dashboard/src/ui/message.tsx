import type { ReactNode } from "react";
import styles from "./message.module.css";

interface MessageProps {
  readonly title: string;
  /** `empty`: nothing is there yet; `error`: something failed; `warning`: what is shown may be old or in part. */
  readonly tone: "empty" | "error" | "warning" | "info";
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** Says in place of data, or above it, why there is none and what to do. */
export function Message({ title, tone, actions, children }: MessageProps) {
  return (
    <div className={`${styles.message} ${styles[tone]}`} role={tone === "error" ? "alert" : "status"}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.body}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
