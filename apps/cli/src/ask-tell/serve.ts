import type { Readable, Writable } from "node:stream";
import { readableText } from "@espalier/contracts";
import { type Answer, newSession, takeTurn } from "@espalier/search";
import { linesOf, TOO_LONG } from "./lines.js";
import { BadLine, readMessage } from "./read-message.js";

/**
 * Answers the lines of `input` on `output`, one line each, in their order and before the next is read. It ends with the
 * input, or when nobody reads the output any more.
 */
export async function serveAskTell(input: Readable, output: Writable): Promise<void> {
  let failure: Error | undefined;
  output.on("error", (error) => {
    failure = error;
    input.destroy();
  });
  let session = newSession;
  const answerTo = (line: string | typeof TOO_LONG): Answer => {
    if (line === TOO_LONG) return { error: "this line is too long to be a message; it was passed over" };
    try {
      const turn = takeTurn(session, readMessage(line));
      session = turn.session;
      return readable(turn.answer);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      return readable({ error: error.message });
    }
  };
  try {
    for await (const line of linesOf(input)) {
      const answer = answerTo(line);
      if (answer !== null) await written(output, `${JSON.stringify(answer)}\n`);
    }
  } catch (error) {
    // Destroying the input ends its iteration with an error of its own; the output's is the one that says why.
    if (failure === undefined) throw error;
  }
  if (failure !== undefined && !isBrokenPipe(failure)) throw failure;
}

/** Refusals quote what was written, which may be long. */
const readable = (answer: Answer): Answer =>
  answer !== null && "error" in answer ? { error: readableText(answer.error) } : answer;

const isBrokenPipe = (error: Error): boolean => "code" in error && error.code === "EPIPE";

/** Settles when the text has been handed over or could not be; the stream's error event says which. */
const written = (output: Writable, text: string): Promise<void> =>
  new Promise((resolve) => {
    output.write(text, () => resolve());
  });
