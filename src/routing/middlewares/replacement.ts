import { groupsOf, mostGroups } from '#core/pattern.ts';
import type { OptionReader } from './option-reader.ts';

/** `regex` and `replacement`, for what rewrites by a pattern; undefined, and reported, when one is missing or wrong. */
export function replacementOf(
  options: OptionReader,
): { readonly pattern: string; readonly replacement: string } | undefined {
  options.required('regex');
  const pattern = options.pattern('regex');
  const replacement = options.required('replacement');
  if (pattern === undefined || replacement === undefined) return undefined;
  if (groupsOf(pattern).length <= mostGroups) return { pattern, replacement };
  return options.refuse('regex', 'a regular expression with at most 9 groups');
}
