import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.js";
import { Message } from "./message.js";
import styles from "./secret-once.module.css";

interface SecretOnceProps {
  readonly title: string;
  readonly secret: string;
  /** Name of it for screen readers, as in "Copy …". */
  readonly what: string;
  /** What it is for, and where to keep it. */
  readonly children: ReactNode;
}

/** A secret that the service tells this once. */
export const SecretOnce = ({ title, secret, what, children }: SecretOnceProps) => (
  <Message title={title} tone="warning">
    <p>{children} It is shown this once.</p>
    <p className={styles.secret}>
      <code>{secret}</code>
      <CopyButton text={secret} what={what} />
    </p>
  </Message>
);
