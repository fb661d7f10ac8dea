// Counts the seconds down that the gateway asks to wait before the next try.
import { useEffect, useState } from "react";
import { ApiError } from "../../api/client.ts";

/** @returns seconds left; 0 when one may try */
export function useWait(error: unknown): number {
  const [state, setState] = useState({ error, left: 0 });
  const asked = error instanceof ApiError && error.status === 429 ? (error.retryAfter ?? 1) : 0;
  const left = state.error === error ? state.left : asked;
  useEffect(() => {
    const until = performance.now() + asked * 1_000;
    const show = (): void => {
      const rest = Math.max(0, Math.ceil((until - performance.now()) / 1_000));
      setState({ error, left: rest });
      if (rest === 0) clearInterval(timer);
    };
    const timer = setInterval(show, 250);
    show();
    return () => clearInterval(timer);
  }, [error, asked]);
  return left;
}
