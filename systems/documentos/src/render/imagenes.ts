import { readFileSync } from 'node:fs';

/** The logos of `logos.ts` as PNG, for the formats that take no outlines; `dibujar-logos.ts` makes the files. */
export const IMAGEN_MINISTERIO = leer('ministerio.png');
export const IMAGEN_UNIVERSIDAD = leer('universidad.png');

function leer(archivo: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`./imagenes/${archivo}`, import.meta.url)));
}
