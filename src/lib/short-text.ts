// Texts that come from outside are as long as their senders like; what is shown or kept of them is not.

/** At most so many characters; a longer text is cut and ends in an ellipsis. Never ends in half a surrogate pair. */
export function shortText(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1).toWellFormed()}…`;
}
