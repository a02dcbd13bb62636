import type { EventView } from "../events/event-view.js";
import { STARTED } from "./ids.js";
import { json, type OperationExample } from "./operation-example.js";

const event: EventView = { sequence: 2, type: "job.started", timestamp: STARTED, data: {} };

/** Examples of operations on events. */
export const eventExamples: Readonly<Record<string, OperationExample>> = {
  listEvents: {
    answers: {
      200: {
        ...json({ data: [event], has_more: false }),
        "text/event-stream": `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
      },
    },
  },
};
