import { saveFile } from "../charts/save-file.js";

/** Where the browser lets the reader choose a file and write to it piece by piece (File System Access). */
interface Picker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<{
    createWritable(): Promise<WritableStream<Uint8Array>>;
  }>;
}

interface SavedStream {
  readonly suggestedName: string;
  /** Asks for what is saved, once the reader has chosen where. */
  readonly open: () => Promise<ReadableStream<Uint8Array>>;
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Whether files are written as they arrive; else each is held in memory first. */
export const writesAsItArrives = (): boolean => (window as Picker).showSaveFilePicker !== undefined;

/**
 * Saves what is read, with the key of this tab, which a link would not send. Resolves to false where the reader closed the
 * dialogue; rejects with the signal's reason, ProblemError, or what writing failed with.
 */
export async function saveStream({ suggestedName, open, onProgress, signal }: SavedStream): Promise<boolean> {
  const file = await chosenFile(suggestedName);
  if (file === "closed") return false;
  const counted = (await open()).pipeThrough(counting(onProgress));
  if (file === undefined) saveFile(suggestedName, await new Response(counted).blob());
  else await counted.pipeTo(await file.createWritable(), { signal });
  return true;
}

async function chosenFile(suggestedName: string) {
  try {
    return await (window as Picker).showSaveFilePicker?.({ suggestedName });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "closed";
    throw error;
  }
}

function counting(onProgress: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      onProgress(bytes);
      controller.enqueue(chunk);
    },
  });
}
