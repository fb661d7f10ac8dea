// The use cases of a Model API.
export const useCases = [
  "text-generation",
  "image-generation",
  "video-generation",
  "speech-synthesis",
  "embedding",
  "rerank",
  "others",
] as const;
export type UseCase = (typeof useCases)[number];
