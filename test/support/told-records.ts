// Every record that a running program tells by its admin API, and sums of its metrics. Must not know what was sent.
import type { LogItem, LogPage } from "../../src/telemetry/log-answers.ts";

/** Calls the admin API as its owner. */
export type AskAdmin = (path: string) => Promise<Response>;

const hourMs = 3_600_000;

export class ToldRecords {
  readonly #ask: AskAdmin;

  constructor(ask: AskAdmin) {
    this.#ask = ask;
  }

  /** Page by page, once there are at least so many and all that was left behind has been read in. */
  async atLeast(count: number): Promise<readonly LogItem[]> {
    for (;;) {
      const { total, complete } = await this.#get<LogPage>("/logs?limit=1&facets=outcome");
      if (complete && (total ?? 0) >= count) return this.#all();
    }
  }

  async #all(): Promise<readonly LogItem[]> {
    const items: LogItem[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: LogPage = await this.#get(`/logs?limit=500${query}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** The sum of a metric over the last hour. */
  async total(metric: string): Promise<number> {
    const from = new Date(Date.now() - hourMs).toISOString();
    const answer = await this.#get<{
      readonly metrics: readonly { readonly series: readonly { readonly total: number | null }[] }[];
    }>(`/metrics/query?name=${metric}&from=${from}`);
    return answer.metrics[0]?.series[0]?.total ?? 0;
  }

  async #get<Answer>(path: string): Promise<Answer> {
    const answer = await this.#ask(path);
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status} ${await answer.text()}`);
    // What the admin API's own tests hold it to.
    return (await answer.json()) as Answer;
  }
}
