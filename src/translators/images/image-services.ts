// Services that make images: DashScope's tasks, and its models that answer at once. Must not know clients.
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../lib/json-value.ts";
import { dashscopeErrorOf } from "../../protocols/dashscope-output.ts";
import { readError } from "../../protocols/reported-error.ts";
import type { ReportedError } from "../../protocols/wire.ts";
import type { SingleService } from "../single-call.ts";
import type { CallCourse, CallStanding, MediaAsk, TranslationContext } from "../translation.ts";
import { imageAnswer, type ImageAnswer, type ImageAsk, type MadeImage } from "./image-form.ts";

export type ImageService = SingleService<ImageAsk, ImageAnswer>;

const paths = {
  make: "/services/aigc/text2image/image-synthesis",
  change: "/services/aigc/image2image/image-synthesis",
  atOnce: "/services/aigc/multimodal-generation/generation",
} as const;

/** Fields beyond OpenAI's that DashScope's models know, by where they stand. */
const inputNames = ["negative_prompt", "ref_img"] as const;
const parameterNames = [
  "seed",
  "prompt_extend",
  "watermark",
  "ref_mode",
  "ref_strength",
  "strength",
  "enable_interleave",
  "thinking_mode",
] as const;
const known: ReadonlySet<string> = new Set<string>([...inputNames, ...parameterNames, "style"]);

/** Styles of OpenAI's are no styles of DashScope's, which are written `<sketch>`. */
const ownStyle = /^<.+>$/;

export const dashscopeImages: ImageService = {
  calls(ask, context) {
    const atOnce = context.traits.multimodalPath === true;
    const parameters = parametersOf(ask, context);
    const input = atOnce ? conversationOf(ask) : taskInput(ask, context.traits.imageList === true);
    const made = ask.sources.length === 0 ? paths.make : paths.change;
    return [
      {
        path: atOnce ? paths.atOnce : made,
        body: { model: context.model, input, parameters },
        ...(atOnce ? {} : { headers: ["x-dashscope-async", "enable"] }),
        course: courseOf(ask, !atOnce),
      },
    ];
  },
  answer([body], ask, { media }) {
    const output = memberOf(body, "output");
    const error = dashscopeErrorOf(body) ?? taskError(output);
    if (error !== undefined) return error;
    const results = resultsOf(output);
    const images = results.flatMap((result) => {
      const url = addressOf(result);
      return url === undefined
        ? []
        : [madeImage(result, url, ask.base64 ? media.get(url)?.base64 : undefined)];
    });
    const failed = results.find(
      (result) => addressOf(result) === undefined && textOf(result, "code") !== undefined,
    );
    return imageAnswer(images, failed === undefined ? undefined : readError(failed));
  },
};

function taskInput({ prompt, sources, others }: ImageAsk, isList: boolean): JsonObject {
  const [first, ...more] = sources;
  return {
    prompt,
    ...pick(others, inputNames),
    ...(first === undefined
      ? {}
      : more.length === 0 && !isList
        ? { function: "description_edit", base_image_url: first }
        : { images: sources }),
  };
}

function conversationOf({ prompt, sources }: ImageAsk): JsonObject {
  const content = [...sources.map((image) => ({ image })), { text: prompt }];
  return { messages: [{ role: "user", content }] };
}

function parametersOf({ count, size, others }: ImageAsk, context: TranslationContext): JsonObject {
  const { notes, traits } = context;
  const style = textOf(others, "style");
  const hasStyle = style !== undefined && ownStyle.test(style);
  if (others["style"] !== undefined && !hasStyle) notes.dropped("style");
  const names = traits.multimodalPath === true ? [...parameterNames, "negative_prompt"] : parameterNames;
  if (traits.multimodalPath === true && others["ref_img"] !== undefined) notes.dropped("ref_img");
  return {
    ...(size === undefined ? {} : { size: `${size.width}*${size.height}` }),
    ...(count === undefined ? {} : { n: count }),
    ...(hasStyle ? { style } : {}),
    ...pick(others, names),
    ...notes.rest(others, known),
  };
}

function pick(others: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (others[name] === undefined ? [] : [[name, others[name]]])),
  );
}

const endedBadly: ReadonlySet<string> = new Set(["FAILED", "CANCELED"]);
const underWay: ReadonlySet<string> = new Set(["PENDING", "RUNNING", "SUSPENDED"]);

function courseOf({ base64 }: ImageAsk, makesTask: boolean): CallCourse {
  return {
    makesTask,
    standing(body): CallStanding {
      const output = memberOf(body, "output");
      const status = textOf(output, "task_status") ?? "";
      const id = textOf(output, "task_id") ?? "";
      if (underWay.has(status) && id !== "") {
        const look = `/tasks/${encodeURIComponent(id)}`;
        return { kind: "waiting", look, cancel: `${look}/cancel` };
      }
      return { kind: "over", media: base64 ? mediaOf(output) : [], failed: endedBadly.has(status) };
    },
  };
}

function mediaOf(output: unknown): readonly MediaAsk[] {
  return resultsOf(output).flatMap((result) => {
    const url = addressOf(result);
    return url === undefined ? [] : [{ url, param: "response_format" }];
  });
}

/** `results` of tasks; parts of the messages of models that answer at once. */
function resultsOf(output: unknown): readonly unknown[] {
  const results = listOf(output, "results");
  if (results.length > 0) return results;
  const parts = listOf(output, "choices").flatMap((choice) => listOf(memberOf(choice, "message"), "content"));
  if (parts.length > 0) return parts;
  return isJsonObject(output) ? [output] : [];
}

const addressNames = ["url", "image", "image_url", "output_image_url"] as const;

function addressOf(result: unknown): string | undefined {
  const name = addressNames.find((each) => (textOf(result, each) ?? "") !== "");
  return name === undefined ? undefined : textOf(result, name);
}

function madeImage(result: unknown, url: string, base64: string | undefined): MadeImage {
  const prompt = textOf(result, "actual_prompt");
  return { url, ...(base64 === undefined ? {} : { base64 }), ...(prompt === undefined ? {} : { prompt }) };
}

/** What a task says that has made nothing. */
function taskError(output: unknown): ReportedError | undefined {
  const status = textOf(output, "task_status");
  if (status === undefined || status === "SUCCEEDED") return undefined;
  if (endedBadly.has(status)) {
    const { code, message } = { code: textOf(output, "code"), message: textOf(output, "message") };
    return readError({ code, message: message ?? `The image task of the model service ended as ${status}.` });
  }
  return { status: 502, message: "The model service has lost the task that it made for this request." };
}
