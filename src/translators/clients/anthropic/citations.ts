// Annotations of the chat form as Anthropic's citations. Must not know blocks.
import { countOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";

/** Sources on the web; others have no place. @param text that they speak of, "" where it is not known any more */
export function citationsOf(annotations: readonly JsonObject[] | undefined, text: string): readonly object[] {
  return (annotations ?? []).flatMap((annotation) => {
    const cited = memberOf(annotation, "url_citation") ?? annotation;
    const url = textOf(cited, "url");
    if (url === undefined) return [];
    return [
      {
        type: "web_search_result_location",
        url,
        title: textOf(cited, "title") ?? null,
        cited_text: text.slice(countOf(cited, "start_index") ?? 0, countOf(cited, "end_index") ?? 0),
        encrypted_index: "",
      },
    ];
  });
}
