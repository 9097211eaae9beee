import type { Language } from '#core/messages/message.ts';

/** The language that an Accept-Language header prefers; English unless it asks for Spanish first. */
export function languageOf(header: string | undefined): Language {
  return (header ?? '').trim().toLowerCase().startsWith('es') ? 'es' : 'en';
}
