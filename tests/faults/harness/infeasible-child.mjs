// Given through NODE_OPTIONS: a compute child that finds every candidate infeasible; other processes are left as they are.
const isComputeChild = process.argv[1]?.endsWith("compute/child.js");
const send = process.send?.bind(process);
const reason = "the loss of a window is NaN";

if (isComputeChild && send) {
  process.send = (message, ...rest) => {
    const isScore = message.kind === "done" && "state" in message.result;
    const found = { state: "infeasible", reason, results: [], durationSeconds: message.result?.durationSeconds };
    return send(isScore ? { ...message, result: found } : message, ...rest);
  };
}
