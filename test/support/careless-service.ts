// A service that says back all that it was told, its own key too, and ends as the name of the model asks for. Must not know
// what is secret.
import type { UpstreamRequest } from "./raw-upstream.ts";

const event = (text: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content: text }, finish_reason: null }] })}\n\n`;
const framed = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** Models: good, pieces, bad, refused, odd, cut; any other is answered with silence. Has a list with the first of them. */
export function answerCarelessly(request: UpstreamRequest): void {
  const { connection } = request;
  const received = request.body.toString();
  const model = /"model":"([a-z]+)/.exec(received)?.[1];
  const echo = `${received} ${request.header("authorization") ?? ""} ${request.header("x-team") ?? ""}`;
  const message = { role: "assistant", content: echo };
  const whole = (status: string, body: object): void => {
    const text = JSON.stringify(body);
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n`;
    connection.socket.write(head + text);
  };
  if (request.method === "GET") return whole("200 OK", { object: "list", data: [{ id: "good" }], echo });
  switch (model) {
    case "good":
      return whole("200 OK", { choices: [{ message, finish_reason: "stop" }] });
    case "bad":
      return whole("500 Broken", { error: { message: echo } });
    case "refused":
      return whole("401 Unauthorized", { error: { message: echo } });
    case "odd":
      return whole("400 Bad Request", { error: { message: echo } });
    case "cut": {
      const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
      connection.socket.end(head + framed(event(echo)));
      return;
    }
    case "pieces": {
      const pieces = echo.match(/[\s\S]{1,7}/g) ?? [];
      const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
      const end = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`;
      connection.socket.write(head + [...pieces.map(event), end].map(framed).join("") + framed(""));
      return;
    }
    default:
      // Says nothing until the time is over.
      return;
  }
}
