// DashScope's WebSocket of speech: tasks one after another on one connection. Must not know handshakes.
import { isRecord } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { isFailing } from "../lifecycle.ts";
import { Outbox } from "../socket.ts";
import type { Outgoing, SocketCall } from "../socket.ts";
import { wholeSound } from "../sound.ts";

/** Audio goes out in frames of this length. */
const audioFrameBytes = 4096;

/** Tasks with more characters fail, as their sound is held until it is sent; the vendor takes more. */
const mostCharacters = 40_000;

/** From here on (CJK and beyond) a character is counted as two. */
const ideographs = 0x2e80;

/** Bytes that a second of received audio is taken to have. */
const bytesPerSecond = 32_000;

interface Task {
  readonly id: string;
  readonly requestId: string;
  readonly format: string;
  /** True where the client sends audio and gets words. */
  readonly isRecognition: boolean;
  characters: number;
  receivedBytes: number;
}

export function serveInference(call: SocketCall): void {
  const connection = new Connection(call);
  // Text frames and audio frames come as the same kind of data.
  call.socket.on("message", (data, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(new Uint8Array(data));
    if (isBinary) connection.takeAudio(bytes.length);
    else connection.takeText(bytes.toString());
  });
}

class Connection {
  readonly #call: SocketCall;
  readonly #outbox: Outbox;
  #task: Task | null = null;
  // What comes after a failure is not read any more.
  #hasFailed = false;

  constructor(call: SocketCall) {
    this.#call = call;
    this.#outbox = new Outbox(call);
  }

  takeAudio(bytes: number): void {
    if (this.#task !== null) this.#task.receivedBytes += bytes;
  }

  takeText(text: string): void {
    if (this.#hasFailed) return;
    const { header, payload } = parse(text);
    const { action, task_id } = header;
    if (typeof task_id !== "string" || task_id === "") {
      this.#fail("", "InvalidParameter", "task_id is missing");
    } else if (action === "run-task") {
      this.#start(task_id, payload);
    } else if (this.#task?.id !== task_id) {
      this.#fail(task_id, "InvalidParameter", `there is no task ${task_id}`);
    } else if (action === "continue-task") {
      this.#continue(this.#task, payload);
    } else if (action === "finish-task") {
      this.#finish(this.#task);
    } else {
      this.#fail(task_id, "InvalidParameter", `unknown action ${String(action)}`);
    }
  }

  #start(id: string, payload: JsonObject): void {
    const { fault, knobs, newUuid } = this.#call;
    const model = payload["model"];
    if (this.#task !== null) return this.#fail(id, "InvalidParameter", "a task is running already");
    if (typeof model !== "string" || model === "")
      return this.#fail(id, "InvalidParameter", "model is missing");
    if (fault === "stall-first-packet") return this.#outbox.fallSilent();
    this.#outbox.pause(knobs.ttftMs ?? 0);
    if (fault === "error-in-200" || isFailing(model)) {
      return this.#fail(id, "InternalError", "Simulated failure.");
    }
    const parameters = isRecord(payload["parameters"]) ? payload["parameters"] : {};
    const format = typeof parameters["format"] === "string" ? parameters["format"] : "mp3";
    const isRecognition = payload["task"] === "asr";
    const task = { id, requestId: newUuid(), format, isRecognition, characters: 0, receivedBytes: 0 };
    this.#task = task;
    this.#outbox.put(event(task, "task-started", {}));
    // A client that does not stream sends its text with the task, and no end.
    const { text } = isRecord(payload["input"]) ? payload["input"] : {};
    if (typeof text === "string" && text !== "") {
      this.#continue(task, payload);
      this.#finish(task);
    }
  }

  #continue(task: Task, payload: JsonObject): void {
    const input = isRecord(payload["input"]) ? payload["input"] : {};
    const text = typeof input["text"] === "string" ? input["text"] : "";
    if (text === "") return;
    task.characters += countCharacters(text);
    if (task.characters > mostCharacters)
      return this.#fail(task.id, "InvalidParameter", "the text is too long");
    const { fault } = this.#call;
    if (fault === "malformed-sse") this.#outbox.put({ data: '{"header":{', isToken: false });
    const frames = fault === "empty" ? [] : audioFrames(text, task.format);
    this.#outbox.put(event(task, "result-generated", { output: { sentence: { words: [] } } }));
    if (fault !== "stall-mid-stream" && fault !== "truncate") return this.#outbox.put(...frames);
    const half = frames.slice(0, frames.length / 2);
    const broken = (): void => {
      if (fault === "truncate") this.#call.socket.terminate();
      else this.#outbox.fallSilent();
    };
    this.#outbox.put(...half, broken);
  }

  #finish(task: Task): void {
    this.#task = null;
    const output = { sentence: { words: [] } };
    if (!task.isRecognition) {
      const usage = { characters: task.characters };
      return this.#outbox.put(event(task, "task-finished", { output, usage }));
    }
    const words = {
      text: `This is a simulated transcript of ${task.receivedBytes} bytes.`,
      sentence_end: true,
    };
    const usage = { duration: Math.ceil(task.receivedBytes / bytesPerSecond) };
    this.#outbox.put(
      event(task, "result-generated", {
        output: { sentence: { begin_time: 0, ...words, words: [] } },
        usage,
      }),
      event(task, "task-finished", { output: {}, usage }),
    );
  }

  /** A task that fails ends the connection. */
  #fail(task_id: string, error_code: string, error_message: string): void {
    this.#task = null;
    this.#hasFailed = true;
    const header = { task_id, event: "task-failed", error_code, error_message, attributes: {} };
    const data = JSON.stringify({ header, payload: {} });
    this.#outbox.put({ data, isToken: false }, () => this.#call.socket.close(1000));
  }
}

function parse(text: string): { header: JsonObject; payload: JsonObject } {
  try {
    const frame: unknown = JSON.parse(text);
    const { header, payload } = isRecord(frame) ? frame : {};
    return { header: isRecord(header) ? header : {}, payload: isRecord(payload) ? payload : {} };
  } catch {
    return { header: {}, payload: {} };
  }
}

function event({ id: task_id, requestId }: Task, name: string, payload: JsonObject): Outgoing {
  const attributes =
    name === "task-started" ? {} : { request_uuid: requestId, "x-ds-batch-queue-length": "0" };
  const data = JSON.stringify({ header: { task_id, event: name, attributes }, payload });
  return { data, isToken: false };
}

function audioFrames(text: string, format: string): Outgoing[] {
  const sound = wholeSound(text, format);
  const count = Math.ceil(sound.length / audioFrameBytes);
  return Array.from({ length: count }, (_, index) => ({
    data: sound.subarray(index * audioFrameBytes, (index + 1) * audioFrameBytes),
    isToken: true,
  }));
}

function countCharacters(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) >= ideographs ? 2 : 1), 0);
}
