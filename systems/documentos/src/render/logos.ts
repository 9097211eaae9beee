/** One filled outline of a logo, in a square of 100 by 100; `trazo` is an SVG path. */
export type Figura = { readonly trazo: string; readonly color: string };
export type Logo = { readonly descripcion: string; readonly figuras: readonly Figura[] };

const AZUL = '#1f4e79';
const CELESTE = '#74acdf';
const ORO = '#d9a520';
const BLANCO = '#ffffff';

/** Both drawn for this system; they belong to no institution. */
export const LOGO_MINISTERIO: Logo = {
  descripcion: 'Ministerio',
  figuras: [
    { trazo: 'M50 4 L90 18 V52 C90 74 72 88 50 97 C28 88 10 74 10 52 V18 Z', color: AZUL },
    { trazo: 'M50 11 L84 23 V52 C84 70 68 82 50 90 C32 82 16 70 16 52 V23 Z', color: BLANCO },
    { trazo: 'M16 40 H84 V52 C84 56 83 60 81 64 H19 C17 60 16 56 16 52 Z', color: CELESTE },
    ...rayos(50, 40, 12),
    { trazo: 'M50 30 A10 10 0 1 1 49.9 30 Z', color: ORO },
  ],
};

export const LOGO_UNIVERSIDAD: Logo = {
  descripcion: 'Universidad',
  figuras: [
    { trazo: 'M50 3 A47 47 0 1 1 49.9 3 Z', color: AZUL },
    { trazo: 'M50 9 A41 41 0 1 1 49.9 9 Z', color: BLANCO },
    {
      trazo: 'M20 66 V36 C30 31 42 32 50 38 C58 32 70 31 80 36 V66 C70 62 58 63 50 69 C42 63 30 62 20 66 Z',
      color: AZUL,
    },
    { trazo: 'M24 60 V39 C32 36 41 37 48 42 V63 C41 58 32 57 24 60 Z', color: BLANCO },
    { trazo: 'M76 60 V39 C68 36 59 37 52 42 V63 C59 58 68 57 76 60 Z', color: BLANCO },
    { trazo: 'M44 26 L50 14 L56 26 L50 31 Z', color: ORO },
    { trazo: 'M30 76 H70 V80 H30 Z', color: CELESTE },
  ],
};

function rayos(x: number, y: number, cantidad: number): Figura[] {
  const punto = (radio: number, angulo: number): string =>
    `${(x + radio * Math.cos(angulo)).toFixed(2)} ${(y + radio * Math.sin(angulo)).toFixed(2)}`;
  return Array.from({ length: cantidad }, (_, i) => {
    const angulo = (2 * Math.PI * i) / cantidad;
    const trazo = `M${punto(10, angulo - 0.16)} L${punto(21, angulo)} L${punto(10, angulo + 0.16)} Z`;
    return { trazo, color: ORO };
  });
}
