import { useEffect, useId, useRef } from "react";
import { Button } from "./button.js";
import styles from "./confirm-dialog.module.css";

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly text: string;
  /** What the button does, as a verb. */
  readonly yes: string;
  readonly look: "primary" | "danger";
  readonly onAnswer: (yes: boolean) => void;
}

/** Asks before something that matters; Escape is no. The native dialog keeps the focus inside and gives it back. */
export function ConfirmDialog({ title, text, yes, look, onAnswer }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <h2 id={heading}>{title}</h2>
      <p>{text}</p>
      <div className={styles.buttons}>
        <Button onClick={() => onAnswer(false)}>Go back</Button>
        <Button look={look} onClick={() => onAnswer(true)}>
          {yes}
        </Button>
      </div>
    </dialog>
  );
}
