/*
 * Draws the PNG files beside this one from `logos.ts`; run it after changing a logo. It needs `pdftoppm` of
 * poppler-utils: `node src/render/dibujar-logos.ts`.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import { LOGO_MINISTERIO, LOGO_UNIVERSIDAD, type Logo } from './logos.ts';

const PIXELES = '260';

function dibujar({ figuras }: Logo, archivo: string): void {
  const pdf = new PDFDocument({ size: [100, 100], margin: 0 });
  const trozos: Buffer[] = [];
  pdf.on('data', (trozo: Buffer) => trozos.push(trozo));
  pdf.on('end', () => {
    const destino = fileURLToPath(new URL(`./imagenes/${archivo}`, import.meta.url));
    const orden = ['-png', '-singlefile', '-scale-to', PIXELES, '-', destino];
    execFileSync('pdftoppm', orden, { input: Buffer.concat(trozos) });
  });
  for (const { trazo, color } of figuras) pdf.path(trazo).fill(color);
  pdf.end();
}

dibujar(LOGO_MINISTERIO, 'ministerio');
dibujar(LOGO_UNIVERSIDAD, 'universidad');
