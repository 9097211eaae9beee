/** The languages Timonel speaks to its users. */
export type Language = 'en' | 'es';

/** One text of the catalogue, in each language, made from facts `F`. */
export type Texts<F> = Readonly<Record<Language, (facts: F) => string>>;

/** A catalogue entry: what happened and, where there is one, what to type next. */
export interface Message<F> {
  readonly text: Texts<F>;
  readonly hint?: Texts<F>;
}

type Text<F> = string | ((facts: F) => string);

interface Words<F> {
  readonly en: Text<F>;
  readonly es: Text<F>;
  /** What to type or change next; both languages or neither. */
  readonly hint?: { readonly en: Text<F>; readonly es: Text<F> };
}

/**
 * Declares one catalogue entry. `F` names the facts that the sentence is made of, so a caller that forgets one does
 * not compile.
 *
 * @example
 * PORT_TAKEN: message<{ port: number; pid: number }>({
 *   en: (f) => `port ${f.port} is held by process ${f.pid}`,
 *   es: (f) => `el puerto ${f.port} lo ocupa el proceso ${f.pid}`,
 *   hint: { en: (f) => `stop it: kill ${f.pid}`, es: (f) => `deténgalo: kill ${f.pid}` },
 * })
 */
export function message<F = Record<string, never>>(words: Words<F>): Message<F> {
  const texts = (pair: { readonly en: Text<F>; readonly es: Text<F> }): Texts<F> => ({
    en: asFunction(pair.en),
    es: asFunction(pair.es),
  });
  return words.hint === undefined ? { text: texts(words) } : { text: texts(words), hint: texts(words.hint) };
}

function asFunction<F>(text: Text<F>): (facts: F) => string {
  return typeof text === 'string' ? () => text : text;
}
