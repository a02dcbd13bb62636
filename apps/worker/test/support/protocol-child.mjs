// A compute child that behaves as the parameters of a score task say. Speaks the messages of compute/messages.ts.
const waiting = new Map();

const done = (id, score) =>
  process.send({
    kind: "done",
    id,
    result: { state: "completed", score, results: [], durationSeconds: 0 },
    rssBytes: process.memoryUsage.rss(),
  });
const failed = (id, code) =>
  process.send({ kind: "failed", id, error: { code, message: `${code} of the child`, errors: [] }, rssBytes: 0 });

const behaviours = {
  pid: (id) => done(id, process.pid),
  progress: (id) => {
    for (let i = 0; i <= 4; i++) {
      process.send({ kind: "progress", id, progress: { stage: "profiling", done: i, of: 4, unit: "samples" } });
    }
    done(id, 0);
  },
  wait: (id) =>
    waiting.set(
      id,
      setInterval(() => undefined, 1000),
    ),
  block: () => {
    for (;;);
  },
  fail: (id) => failed(id, "MODEL_WEIGHTS_NOT_FINITE"),
  exit: () => process.exit(7),
  "fill the heap": () => {
    process.stderr.write("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n", () =>
      process.abort(),
    );
  },
};

process.on("message", (message) => {
  if (message.kind === "run") behaviours[message.task.candidate.params.behaviour](message.id);
  if (message.kind === "cancel" && waiting.has(message.id)) {
    clearInterval(waiting.get(message.id));
    failed(message.id, "INTERNAL");
  }
});
process.on("disconnect", () => process.exit());
