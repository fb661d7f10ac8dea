// Sends a call of a translated attempt whose answer is whole only later. Knows no protocol.
import { GatewayError } from "../../core/errors.ts";
import type { CallCourse, Media, ServiceCall } from "../../translators/translation.ts";
import type { Reception } from "../answer/reception.ts";
import { interruptedFailure, timeoutFailure } from "../failure.ts";
import type { SendContext } from "../send.ts";
import { sendAuthorized } from "../upstream/send-authorized.ts";
import type { Call, Upstream, UpstreamHandler } from "../upstream/upstream.ts";
import { CourseCall } from "./course-call.ts";
import type { MediaFetcher } from "./fetch-media.ts";
import { laterRequest, translatedRequest } from "./translated-request.ts";

/** As the schema has it. */
const usualImages = { pollSeconds: 1, deadlineSeconds: 120 };

export interface CourseWork {
  readonly context: SendContext;
  readonly upstream: Upstream;
  readonly media: MediaFetcher;
  /** What is fetched goes here. */
  readonly fetched: Map<string, Media>;
  readonly reception: Reception;
  /** Name of the model as it is sent. */
  readonly model: string;
}

/** @param handler gets the answer when it is whole */
export function sendCourse(
  work: CourseWork,
  call: ServiceCall,
  course: CallCourse,
  handler: UpstreamHandler,
): Call {
  const { context, upstream, media, fetched, reception, model } = work;
  const { exchange, matched, clock, wheel } = context;
  const { pollSeconds, deadlineSeconds } = matched.api.config.images ?? usualImages;
  if (course.makesTask) exchange.task = "asked";
  return new CourseCall(
    {
      course,
      pollMs: pollSeconds * 1000,
      deadlineMs: deadlineSeconds * 1000,
      clock,
      wheel,
      begin: (begun) => sendAuthorized(upstream, translatedRequest(context, call, model), context, begun),
      ask: (method, path, asked) =>
        sendAuthorized(upstream, laterRequest(context, { method, path }, model), context, asked),
      fetch: async (asks, signal) => {
        for (const [url, found] of await media.fetch(asks, signal)) fetched.set(url, found);
      },
      onTask: (made) => {
        exchange.task = made ? "made" : "";
      },
      onLate: () => reception.fail(timeoutFailure("total")),
      onUnfetched: (error) => reception.fail(interruptedFailure(unfetched(error))),
    },
    handler,
  );
}

function unfetched(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.code === "overloaded") return error;
  return new GatewayError("upstream_error", {
    message: "What the model service made could not be fetched from where it is kept.",
    cause: error,
  });
}
