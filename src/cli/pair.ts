import type { Language } from '#core/messages/message.ts';

/** A fixed text in every language: help, headings, labels. What has facts or a code is in the catalogue. */
export type Pair = Readonly<Record<Language, string>>;
