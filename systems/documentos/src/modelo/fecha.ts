const MESES = [
  'enero',
  'febrero',
  'marzo',
  'abril',
  'mayo',
  'junio',
  'julio',
  'agosto',
  'septiembre',
  'octubre',
  'noviembre',
  'diciembre',
] as const;

/**
 * The calendar day of `instante` in `zona` as "06 de diciembre de 2025". The months are ours: an image without Spanish
 * locales would print them in English. Throws RangeError for an unknown zone.
 */
export function fechaEnLetras(instante: Date, zona: string): string {
  const partes = new Intl.DateTimeFormat('en-US', {
    timeZone: zona,
    year: 'numeric',
    month: 'numeric',
    day: '2-digit',
  });
  const valor = Object.fromEntries(partes.formatToParts(instante).map(({ type, value }) => [type, value]));
  return `${valor.day} de ${MESES[Number(valor.month) - 1]} de ${valor.year}`;
}

/** Whether `zona` is a time zone that this Node knows. */
export function existeZona(zona: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zona });
    return true;
  } catch {
    return false;
  }
}
