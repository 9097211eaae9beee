import PDFDocument from 'pdfkit';
import type { Documento, Tramo } from '../modelo/redaccion.ts';
import { LOGO_MINISTERIO, LOGO_UNIVERSIDAD, type Logo } from './logos.ts';
import { textoParaPdf } from './texto-pdf.ts';

const CM = 72 / 2.54;
const MARGEN = 2 * CM;
const LADO_LOGO = 2.2 * CM;

/** One A4 page. Rejects when a text has a letter that the standard fonts cannot show. */
export function escribirPdf(documento: Documento): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGEN,
    lang: 'es-AR',
    displayTitle: true,
    info: { Title: documento.titulo },
  });
  const bytes = reunir(pdf);
  const derecha = pdf.page.width - MARGEN;
  dibujar(pdf, LOGO_MINISTERIO, MARGEN);
  dibujar(pdf, LOGO_UNIVERSIDAD, derecha - LADO_LOGO);

  pdf.font('Helvetica-Bold').fontSize(16);
  pdf.text(textoParaPdf(documento.titulo), MARGEN, MARGEN + LADO_LOGO + 2 * CM, { align: 'center' });
  pdf.moveDown(2).fontSize(12);
  for (const parrafo of documento.parrafos) {
    escribirParrafo(pdf, parrafo);
    pdf.moveDown(1);
  }
  pdf.font('Helvetica').text(textoParaPdf(documento.lugarYFecha), { align: 'right' });

  const ancho = 7 * CM;
  const y = pdf.page.height - MARGEN - 2 * CM;
  pdf
    .moveTo(derecha - ancho, y)
    .lineTo(derecha, y)
    .lineWidth(0.5)
    .stroke('#000000');
  pdf.fontSize(9).text(textoParaPdf(documento.firma), derecha - ancho, y + 6, { width: ancho, align: 'center' });
  pdf.end();
  return bytes;
}

function escribirParrafo(pdf: PDFKit.PDFDocument, parrafo: readonly Tramo[]): void {
  for (const [i, { texto, negrita }] of parrafo.entries()) {
    pdf.font(negrita ? 'Helvetica-Bold' : 'Helvetica');
    pdf.text(textoParaPdf(texto), { continued: i < parrafo.length - 1, lineGap: 6 });
  }
}

function dibujar(pdf: PDFKit.PDFDocument, logo: Logo, x: number): void {
  pdf.save();
  pdf.translate(x, MARGEN).scale(LADO_LOGO / 100);
  for (const { trazo, color } of logo.figuras) pdf.path(trazo).fill(color);
  pdf.restore();
}

function reunir(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  const trozos: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (trozo: Buffer) => trozos.push(trozo));
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(trozos))));
    pdf.on('error', reject);
  });
}
