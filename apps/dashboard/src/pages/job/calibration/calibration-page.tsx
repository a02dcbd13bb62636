import { Message } from "../../../ui/message.js";

/** Calibration. */
export function CalibrationPage() {
  return <Message title="Calibration" tone="empty" />;
}
