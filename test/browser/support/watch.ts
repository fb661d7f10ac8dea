// What a page does that it must not: errors, breaches of its policy, requests to elsewhere, dialogs. Also counts its calls.
import type { Page, Request } from "playwright-core";

export interface Watch {
  /** In words, in the order in which it happened. */
  readonly problems: readonly string[];
  /** `GET /api/v1/status`, in order, since the last `restart`. */
  readonly calls: readonly string[];
  restart(): void;
}

/** Statuses that a console meets in its daily life: the browser writes each of them to its own console. */
const expectedStatus =
  /the server responded with a status of (?:400|401|403|404|409|412|422|429|500|502|503|504)\b/u;

/** Requests that have not ended yet, by page. */
const inFlight = new WeakMap<Page, Set<Request>>();

/** Of a page that is watched: whether it waits for nobody. */
export function waitsForNobody(page: Page): boolean {
  return (inFlight.get(page)?.size ?? 0) === 0;
}

/** @param origin of the console; everything else is elsewhere */
export function watchPage(page: Page, origin: string): Watch {
  const problems: string[] = [];
  const calls: string[] = [];
  page.on("console", (message) => {
    const isBad = message.type() === "error" || message.type() === "warning";
    if (isBad && !expectedStatus.test(message.text())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => problems.push(`window: ${popup.url()}`));
  const open = new Set<Request>();
  inFlight.set(page, open);
  page.on("requestfinished", (request) => void open.delete(request));
  page.on("requestfailed", (request) => void open.delete(request));
  page.on("request", (request) => {
    if (request.url().startsWith("http")) open.add(request);
    if (isElsewhere(request, origin)) problems.push(`request to ${request.url()}`);
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) calls.push(`${request.method()} ${pathname}`);
  });
  return {
    problems,
    calls,
    restart: () => {
      calls.length = 0;
    },
  };
}

function isElsewhere(request: Request, origin: string): boolean {
  const { protocol } = new URL(request.url());
  return protocol !== "data:" && protocol !== "blob:" && !request.url().startsWith(`${origin}/`);
}
