import { useEffect, useState } from "react";
import { Button } from "./button.js";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for screen readers: "SHA-256 of model.safetensors". */
  readonly what: string;
}

const SHOWN_MS = 1500;

/** Copies a text, and says that it did. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [result, setResult] = useState<"copied" | "refused">();
  useEffect(() => {
    if (result === undefined) return undefined;
    const timer = setTimeout(() => setResult(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult("copied");
    } catch {
      // Browsers give pages without TLS no clipboard.
      setResult("refused");
    }
  };
  return (
    <Button look="quiet" aria-label={`Copy ${what}`} onClick={() => void copy()}>
      <span aria-live="polite">{result === undefined ? "Copy" : result === "copied" ? "Copied" : "Not allowed"}</span>
    </Button>
  );
}
