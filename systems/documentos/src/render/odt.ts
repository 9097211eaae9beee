import { strToU8, type Zippable, zipSync } from 'fflate';
import type { Documento, Tramo } from '../modelo/redaccion.ts';
import { FORMATOS } from './formatos.ts';
import { IMAGEN_MINISTERIO, IMAGEN_UNIVERSIDAD } from './imagenes.ts';
import { LOGO_MINISTERIO, LOGO_UNIVERSIDAD } from './logos.ts';
import { DECLARACION, xml } from './xml.ts';

const NS = 'urn:oasis:names:tc:opendocument:xmlns';
const ESPACIOS = [
  `xmlns:office="${NS}:office:1.0"`,
  `xmlns:style="${NS}:style:1.0"`,
  `xmlns:text="${NS}:text:1.0"`,
  `xmlns:draw="${NS}:drawing:1.0"`,
  `xmlns:fo="${NS}:xsl-fo-compatible:1.0"`,
  `xmlns:svg="${NS}:svg-compatible:1.0"`,
  `xmlns:meta="${NS}:meta:1.0"`,
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'office:version="1.3"',
].join(' ');

/** An OpenDocument package. `mimetype` comes first and stored: programs recognise the file by its first bytes. */
export function escribirOdt(documento: Documento): Uint8Array {
  return zipSync({
    mimetype: [TIPO, { level: 0 }],
    ...PARTES_FIJAS,
    'meta.xml': strToU8(metadatos(documento)),
    'content.xml': strToU8(contenido(documento)),
  });
}

function contenido(documento: Documento): string {
  const parrafos = documento.parrafos.map((tramos) => parrafo('Standard', tramos)).join('');
  return `${DECLARACION}<office:document-content ${ESPACIOS}><office:automatic-styles><style:style style:name="Negrita" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles><office:body><office:text>${parrafo(
    'Title',
    [{ texto: documento.titulo }],
  )}${parrafos}${parrafo('Fecha', [{ texto: documento.lugarYFecha }])}${parrafo('Firma', [
    { texto: documento.firma },
  ])}</office:text></office:body></office:document-content>`;
}

function parrafo(estilo: string, tramos: readonly Tramo[]): string {
  const textos = tramos.map(({ texto, negrita }) =>
    negrita ? `<text:span text:style-name="Negrita">${xml(texto)}</text:span>` : xml(texto),
  );
  return `<text:p text:style-name="${estilo}">${textos.join('')}</text:p>`;
}

function metadatos({ titulo }: Documento): string {
  return `${DECLARACION}<office:document-meta ${ESPACIOS}><office:meta><dc:title>${xml(titulo)}</dc:title><dc:language>es-AR</dc:language></office:meta></office:document-meta>`;
}

function estilos(): string {
  const estilo = (nombre: string, parrafo: string, letra = ''): string =>
    `<style:style style:name="${nombre}" style:family="paragraph"${nombre === 'Standard' ? '' : ' style:parent-style-name="Standard"'}><style:paragraph-properties ${parrafo}/><style:text-properties ${letra}/></style:style>`;
  const encabezado = `<style:style style:name="Header" style:family="paragraph"><style:paragraph-properties><style:tab-stops><style:tab-stop style:position="17cm" style:type="right"/></style:tab-stops></style:paragraph-properties></style:style>`;
  return `${DECLARACION}<office:document-styles ${ESPACIOS}><office:styles><style:default-style style:family="paragraph"><style:text-properties fo:font-family="Arial" fo:font-size="12pt" fo:language="es" fo:country="AR"/></style:default-style>${[
    estilo('Standard', 'fo:text-align="justify" fo:line-height="150%" fo:margin-bottom="0.42cm"'),
    estilo(
      'Title',
      'fo:text-align="center" fo:margin-top="1.4cm" fo:margin-bottom="0.85cm"',
      'fo:font-size="16pt" fo:font-weight="bold"',
    ),
    estilo('Fecha', 'fo:text-align="end"'),
    estilo('Firma', 'fo:text-align="end" fo:margin-top="4.2cm"', 'fo:font-size="9pt"'),
    encabezado,
  ].join(
    '',
  )}</office:styles><office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/><style:header-style/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:header><text:p text:style-name="Header">${imagen(
    'ministerio.png',
    LOGO_MINISTERIO.descripcion,
  )}<text:tab/>${imagen('universidad.png', LOGO_UNIVERSIDAD.descripcion)}</text:p></style:header></style:master-page></office:master-styles></office:document-styles>`;
}

function imagen(archivo: string, nombre: string): string {
  return `<draw:frame draw:name="${nombre}" text:anchor-type="as-char" svg:width="2.2cm" svg:height="2.2cm"><draw:image xlink:href="Pictures/${archivo}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/><svg:title>${nombre}</svg:title></draw:frame>`;
}

function manifiesto(): string {
  const fila = (ruta: string, tipo: string): string =>
    `<manifest:file-entry manifest:full-path="${ruta}" manifest:media-type="${tipo}"/>`;
  return `${DECLARACION}<manifest:manifest xmlns:manifest="${NS}:manifest:1.0" manifest:version="1.3">${[
    fila('/', FORMATOS.odt.tipo),
    fila('content.xml', 'text/xml'),
    fila('styles.xml', 'text/xml'),
    fila('meta.xml', 'text/xml'),
    fila('Pictures/ministerio.png', 'image/png'),
    fila('Pictures/universidad.png', 'image/png'),
  ].join('')}</manifest:manifest>`;
}

const TIPO = strToU8(FORMATOS.odt.tipo);
const PARTES_FIJAS: Zippable = {
  'META-INF/manifest.xml': strToU8(manifiesto()),
  'styles.xml': strToU8(estilos()),
  'Pictures/ministerio.png': [IMAGEN_MINISTERIO, { level: 0 }],
  'Pictures/universidad.png': [IMAGEN_UNIVERSIDAD, { level: 0 }],
};
