import { useEffect, useState } from "react";
import { ago } from "./ago.js";

const MINUTE_MS = 60_000;

/** A time as the distance from now, with the exact one behind it. */
export function Moment({ at }: { readonly at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  const then = new Date(at);
  return (
    <time dateTime={at} title={then.toLocaleString()}>
      {ago(then.getTime(), Math.max(now, Date.now()))}
    </time>
  );
}
