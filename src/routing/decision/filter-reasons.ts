// Why a model cannot be chosen: a word for machines, and what it says to people, of one model and of all. No behaviour.
import { modalities, type Modality } from "../../core/known-model.ts";

export interface FilterReason {
  /** Of one model, after its name: "takes no images". */
  readonly one: string;
  /** Where it speaks against every model: "no model of this API takes images". */
  readonly none: string;
  /** Whether a request is refused where it speaks against every model: none can answer it, and that is no estimate. */
  readonly refuses: boolean;
}

const modalityNames: Readonly<Record<Modality, string>> = {
  text: "text",
  image: "images",
  audio: "audio",
  video: "video",
  pdf: "PDF files",
};

type ModalityReason = `takes-no-${Modality}` | `gives-no-${Modality}`;

const byModality = Object.fromEntries(
  modalities.flatMap((modality): [ModalityReason, FilterReason][] => {
    const name = modalityNames[modality];
    return [
      [
        `takes-no-${modality}`,
        { one: `takes no ${name}`, none: `no model of this API takes ${name}`, refuses: true },
      ],
      [
        `gives-no-${modality}`,
        { one: `gives no ${name}`, none: `no model of this API gives ${name}`, refuses: true },
      ],
    ];
  }),
  // `fromEntries` forgets which keys there are: the list above makes one of each sort for every modality.
) as Readonly<Record<ModalityReason, FilterReason>>;

/** In the order in which they are looked at: the first that holds is told. */
export const filterReasons = {
  "not-permitted": {
    one: "may not be used by this consumer",
    none: "the consumer may use no model of this API",
    refuses: true,
  },
  ...byModality,
  "no-tools": {
    one: "calls no tools",
    none: "no model of this API calls tools",
    refuses: true,
  },
  "no-json-schema": {
    one: "answers in no JSON schema",
    none: "no model of this API answers in the form of a JSON schema",
    refuses: true,
  },
  "context-window": {
    one: "has too small a context window",
    none: "the request is longer than the context window of every model of this API",
    refuses: false,
  },
  "max-output": {
    one: "gives no answer as long as was asked for",
    none: "no model of this API gives as long an answer as was asked for",
    refuses: false,
  },
  "price-ceiling": {
    one: "costs more than the price ceiling",
    none: "every model of this API costs more than its price ceiling",
    refuses: false,
  },
  unreachable: {
    one: "has no service that can be sent to",
    none: "no service of this API can be sent to",
    refuses: false,
  },
  "min-quality": {
    one: "is not good enough in this domain",
    none: "no model of this API is good enough in this domain",
    refuses: false,
  },
  ejected: {
    one: "has no service that answers, after failures",
    none: "no service of this API answers, after failures",
    refuses: false,
  },
  language: {
    one: "is not good at this language",
    none: "no model of this API is good at this language",
    refuses: false,
  },
} satisfies Readonly<Record<string, FilterReason>>;

export type FilterWord = keyof typeof filterReasons;

// `keys` forgets what it lists: the keys of the table above.
export const filterOrder = Object.keys(filterReasons) as readonly FilterWord[];

export function isFilterWord(word: string): word is FilterWord {
  return Object.hasOwn(filterReasons, word);
}
