import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

interface ParserError extends Error {
  readonly code?: string;
}

const statusOf = (code: string | undefined): { readonly status: number; readonly detail: string } => {
  if (code === "HPE_HEADER_OVERFLOW") return { status: 431, detail: "The request's headers are larger than 16 KB." };
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return { status: 408, detail: "The request was not complete in time." };
  return { status: 400, detail: "The request is not valid HTTP." };
};

/** Answers what the HTTP parser refuses, before there is a request: with problem details, on the bare socket. */
export function answerClientError(newRequestId: () => string) {
  return (error: ParserError, socket: Socket): void => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy(error);
      return;
    }
    const { status, detail } = statusOf(error.code);
    const body = JSON.stringify({
      type: "urn:espalier:error:BAD_REQUEST",
      title: "The request cannot be read",
      status,
      detail,
      instance: "/",
      code: "BAD_REQUEST",
      request_id: newRequestId(),
    });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };
}
