import type { FastifyRequest } from 'fastify';
import type { Language } from '#core/messages/message.ts';

/** The language that the client prefers; English unless it asks for Spanish first. */
export function languageOf(request: FastifyRequest): Language {
  return (request.headers['accept-language'] ?? '').trim().toLowerCase().startsWith('es') ? 'es' : 'en';
}
