// Many requests over a few kept connections, in lanes that send one after the other. Must not know the gateway.
import { Agent, request } from "node:http";

export interface LaneAnswer {
  readonly status: number;
  readonly service: string;
  readonly attempts: number;
}

export interface Lanes {
  /** Sends so many requests, at most `lanes` at a time, and gives the answers. */
  send(count: number): Promise<LaneAnswer[]>;
  close(): Promise<void>;
}

const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello" }] });

export function openLanes(port: number, lanes: number, path = "/v1/chat/completions"): Lanes {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const sendOne = (): Promise<LaneAnswer> =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request({ agent, host: "127.0.0.1", port, path, method: "POST", headers }, (answer) => {
        answer.resume();
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            service: String(answer.headers["x-moongate-service"] ?? ""),
            attempts: Number(answer.headers["x-moongate-attempts"] ?? 0),
          }),
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  return {
    send: async (count) => {
      const answers: LaneAnswer[] = [];
      let left = count;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          answers.push(await sendOne());
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      return answers;
    },
    close: () => {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

/** How many answers each service gave. */
export function countByService(answers: readonly LaneAnswer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { service } of answers) counts[service] = (counts[service] ?? 0) + 1;
  return counts;
}
