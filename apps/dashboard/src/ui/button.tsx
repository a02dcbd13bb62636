import type { ButtonHTMLAttributes } from "react";
import styles from "./button.module.css";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: what most will do here, once per view; `danger`: what cannot be undone; `quiet`: beside a heading. */
  readonly look?: "primary" | "plain" | "danger" | "quiet";
}

/** A button; `type` is "button" unless it says otherwise. */
export function Button({ look = "plain", type = "button", className, ...rest }: ButtonProps) {
  return (
    <button type={type} className={[styles.button, styles[look], className].filter(Boolean).join(" ")} {...rest} />
  );
}

/** Class of a link that looks like a button. */
export const buttonLink = (look: NonNullable<ButtonProps["look"]> = "plain"): string =>
  `${styles.button} ${styles[look]}`;
