import { nearest } from '#core/nearest.ts';

/** No misspelling is longer, and comparing longer words with everything costs more than a hint is worth. */
const longestWord = 64;
const mostCandidates = 2_000;

/** The candidate that `word` is likely a misspelling of, where it is worth the search. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  return word.length > longestWord || candidates.length > mostCandidates ? undefined : nearest(word, candidates);
}
