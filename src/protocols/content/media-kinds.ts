// Which media types are bytes in which no text can be found. Must not look at bodies.

const bytesType =
  /^\s*(?:(?:image|audio|video|font|model)\/|application\/(?:pdf|zip|gzip|x-tar|x-7z|wasm|vnd\.|msword))/i;

/** Text or unknown types are looked into. */
export function looksLikeBytes(mediaType: string): boolean {
  return bytesType.test(mediaType) && !/\b(?:json|xml|svg)\b/i.test(mediaType);
}
