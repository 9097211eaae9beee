import { type Code, catalogue, type FactsOf } from './catalogue.ts';
import type { Language, Message } from './message.ts';

/** A message not yet put into words: safe to store, send and render later in the reader's language. */
export interface Said {
  readonly code: Code;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Pairs a code with its facts; the words come when a reader and so a language is known. */
export function said<C extends Code>(code: C, facts: FactsOf<C>): Said {
  return { code, facts: facts as Readonly<Record<string, unknown>> };
}

/** The sentence of `what` in `language`. */
export function say(what: Said, language: Language): string {
  return entry(what).text[language](what.facts);
}

/** What to type next, or undefined where the sentence says it all. */
export function sayHint(what: Said, language: Language): string | undefined {
  return entry(what).hint?.[language](what.facts);
}

function entry(what: Said): Message<Readonly<Record<string, unknown>>> {
  return catalogue[what.code] as unknown as Message<Readonly<Record<string, unknown>>>;
}
