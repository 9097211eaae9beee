import { z } from 'zod';

const tidy = (value: string): string => value.normalize('NFC').replaceAll(/\s+/g, ' ').trim();

/** A text of at most `max` characters, with single spaces and composed accents; null and absent are the same. */
export const texto = (max: number) => z.string().transform(tidy).pipe(z.string().max(max)).nullish();

/** A text that some upstreams send as a number: a document or a legajo. */
export const numeroOTexto = (max: number) =>
  z.union([z.string(), z.int()]).transform(String).transform(tidy).pipe(z.string().max(max)).nullish();

/** An id that some upstreams send as text. */
export const identificador = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

/** One sentence for the first thing in which a document differs from the contract. */
export function primerProblema(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'documento'}: ${issue.message}` : 'documento no reconocido';
}
