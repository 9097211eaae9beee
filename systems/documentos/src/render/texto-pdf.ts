/** The letters of WinAnsi, which the standard fonts of PDF have, beyond ASCII and Latin-1. */
const EXTRA = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

/** Letters that differ from a WinAnsi one only in how they are encoded or drawn, and do not come apart under NFD. */
const IGUALES: Readonly<Record<string, string>> = {
  ʼ: '’',
  '′': '’',
  '‐': '-',
  '‑': '-',
  '−': '-',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
};

/**
 * `texto` in letters that the standard fonts can show. All of Spanish and of western Europe stays as it is; a letter
 * outside loses its marks ("ş" is printed "s"). Throws when a letter has no such form, rather than print a gap in a
 * name.
 */
export function textoParaPdf(texto: string): string {
  return Array.from(texto.normalize('NFC'), mostrable).join('');
}

function mostrable(letra: string): string {
  if (esMostrable(letra)) return letra;
  const sinMarcas = IGUALES[letra] ?? letra.normalize('NFD').replaceAll(/\p{M}/gu, '');
  if (sinMarcas !== '' && Array.from(sinMarcas).every(esMostrable)) return sinMarcas;
  if (/\p{M}|\p{C}/u.test(letra)) return '';
  throw new Error(`el PDF no puede mostrar la letra U+${letra.codePointAt(0)?.toString(16).toUpperCase()}`);
}

function esMostrable(letra: string): boolean {
  return /^[\x20-\x7e\xa0-\xff]$/.test(letra) || EXTRA.has(letra);
}
