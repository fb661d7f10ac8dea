// What the test box asks: a prompt as a client would send it, with what a request may need besides. Knows no React.

export const testProfiles = ["auto", "quality", "balanced", "cheap", "fast"] as const;
export type TestProfile = (typeof testProfiles)[number];

export interface TestQuestion {
  readonly prompt: string;
  /** `auto`: as the Model API says. */
  readonly profile: TestProfile;
  readonly image: boolean;
  readonly tools: boolean;
  /** Undefined: the client sets no bound. */
  readonly maxTokens: number | undefined;
}

export const emptyQuestion: TestQuestion = {
  prompt: "",
  profile: "auto",
  image: false,
  tools: false,
  maxTokens: undefined,
};

/** One white point: that there is an image counts, not what is on it. */
const samplePicture =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

const sampleTool = {
  type: "function",
  function: {
    name: "look_up",
    description: "Looks something up.",
    parameters: { type: "object", properties: {} },
  },
};

/** Needs that are not words: they are told by a whole body alone. */
function hasNeeds({ image, tools, maxTokens }: TestQuestion): boolean {
  return image || tools || maxTokens !== undefined;
}

/** What is sent for a question; with needs as a chat completion. */
export function askedOf(question: TestQuestion): object {
  const { prompt, profile } = question;
  return {
    ...(hasNeeds(question) ? { body: chatBody(question) } : { prompt }),
    ...(profile === "auto" ? {} : { profile }),
  };
}

function chatBody({ prompt, profile, image, tools, maxTokens }: TestQuestion): object {
  return {
    model: profile === "auto" ? "auto" : `auto/${profile}`,
    messages: [
      {
        role: "user",
        content: image
          ? [
              { type: "text", text: prompt },
              { type: "image_url", image_url: { url: samplePicture } },
            ]
          : prompt,
      },
    ],
    ...(tools ? { tools: [sampleTool] } : {}),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  };
}
