const ENTIDADES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** `texto` as XML character data or attribute value; characters that XML 1.0 forbids even escaped are left out. */
export function xml(texto: string): string {
  return texto
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>"']/g, (letra) => ENTIDADES[letra] ?? letra);
}

/** The first line of every part of a package. */
export const DECLARACION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
