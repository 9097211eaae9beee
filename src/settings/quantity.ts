import { parseDuration } from '#core/duration.ts';

/** A canonical Compose duration in milliseconds, or `fallback` where the file says nothing. */
export function durationOr(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? fallback;
}
