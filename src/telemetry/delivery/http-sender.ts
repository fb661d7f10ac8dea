// Posts to a receiver and keeps its secrets out of what it says about the answer. Knows no body.
import type { Post, PostAnswer } from "../../lib/guarded-post.ts";

/** Shorter ones would be found in ordinary words. */
const minSecretLength = 4;

/** A post whose answers and errors hold none of these secrets, even where the other side repeats them. */
export function withoutSecrets(post: Post, secrets: readonly string[]): Post {
  const hidden = secrets.filter((secret) => secret.length >= minSecretLength);
  const clean = (text: string): string => hidden.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  return async (request) => {
    const answer: PostAnswer = await post(request);
    return { ...answer, text: clean(answer.text) };
  };
}
