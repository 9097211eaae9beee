import { strToU8, type Zippable, zipSync } from 'fflate';
import type { Documento, Tramo } from '../modelo/redaccion.ts';
import { IMAGEN_MINISTERIO, IMAGEN_UNIVERSIDAD } from './imagenes.ts';
import { LOGO_MINISTERIO, LOGO_UNIVERSIDAD } from './logos.ts';
import { DECLARACION, xml } from './xml.ts';

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const REL = 'http://schemas.openxmlformats.org/package/2006/relationships';
const WP = 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing';
const A = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const PIC = 'http://schemas.openxmlformats.org/drawingml/2006/picture';
const TIPO = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

/** 2.2 cm in English metric units, 360,000 to the centimetre. */
const LADO_LOGO = 792_000;

/** A WordprocessingML package; the parts that never change are encoded once. */
export function escribirDocx(documento: Documento): Uint8Array {
  return zipSync({
    ...PARTES_FIJAS,
    'docProps/core.xml': strToU8(propiedades(documento)),
    'word/document.xml': strToU8(cuerpo(documento)),
  });
}

function cuerpo(documento: Documento): string {
  const parrafos = documento.parrafos.map((tramos) => parrafo('Normal', tramos)).join('');
  return `${DECLARACION}<w:document xmlns:w="${W}" xmlns:r="${R}"><w:body>${parrafo('Title', [
    { texto: documento.titulo },
  ])}${parrafos}${parrafo('Fecha', [{ texto: documento.lugarYFecha }])}${parrafo('Firma', [
    { texto: documento.firma },
  ])}<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="1134" w:footer="1134" w:gutter="0"/></w:sectPr></w:body></w:document>`;
}

function parrafo(estilo: string, tramos: readonly Tramo[]): string {
  const textos = tramos
    .map(({ texto, negrita }) => {
      const forma = negrita ? '<w:rPr><w:b/></w:rPr>' : '';
      return `<w:r>${forma}<w:t xml:space="preserve">${xml(texto)}</w:t></w:r>`;
    })
    .join('');
  return `<w:p><w:pPr><w:pStyle w:val="${estilo}"/></w:pPr>${textos}</w:p>`;
}

function propiedades({ titulo }: Documento): string {
  return `${DECLARACION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${xml(titulo)}</dc:title><dc:language>es-AR</dc:language></cp:coreProperties>`;
}

function tipos(): string {
  return `${DECLARACION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="${TIPO}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${TIPO}.styles+xml"/><Override PartName="/word/header1.xml" ContentType="${TIPO}.header+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`;
}

function relaciones(...filas: readonly (readonly [tipo: string, destino: string])[]): string {
  const texto = filas.map(
    ([tipo, destino], i) => `<Relationship Id="rId${i + 1}" Type="${tipo}" Target="${destino}"/>`,
  );
  return `${DECLARACION}<Relationships xmlns="${REL}">${texto.join('')}</Relationships>`;
}

function encabezado(): string {
  const izquierda = imagen('rId1', 1, LOGO_MINISTERIO.descripcion);
  const derecha = imagen('rId2', 2, LOGO_UNIVERSIDAD.descripcion);
  return `${DECLARACION}<w:hdr xmlns:w="${W}" xmlns:r="${R}" xmlns:wp="${WP}" xmlns:a="${A}" xmlns:pic="${PIC}"><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>${izquierda}<w:r><w:tab/></w:r>${derecha}</w:p></w:hdr>`;
}

function imagen(relacion: string, numero: number, nombre: string): string {
  const lado = `cx="${LADO_LOGO}" cy="${LADO_LOGO}"`;
  return `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent ${lado}/><wp:docPr id="${numero}" name="${nombre}" descr="${nombre}"/><a:graphic><a:graphicData uri="${PIC}"><pic:pic><pic:nvPicPr><pic:cNvPr id="${numero}" name="${nombre}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="${relacion}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext ${lado}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;
}

function estilos(): string {
  const estilo = (id: string, nombre: string, parrafo: string, letra = ''): string => {
    const defecto = id === 'Normal' ? ' w:default="1"' : '';
    const base = id === 'Normal' ? '' : '<w:basedOn w:val="Normal"/>';
    return `<w:style w:type="paragraph"${defecto} w:styleId="${id}"><w:name w:val="${nombre}"/>${base}<w:pPr>${parrafo}</w:pPr><w:rPr>${letra}</w:rPr></w:style>`;
  };
  return `${DECLARACION}<w:styles xmlns:w="${W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="24"/><w:lang w:val="es-AR"/></w:rPr></w:rPrDefault></w:docDefaults>${[
    estilo('Normal', 'Normal', '<w:spacing w:after="240" w:line="360" w:lineRule="auto"/><w:jc w:val="both"/>'),
    estilo(
      'Title',
      'Title',
      '<w:spacing w:before="800" w:after="480"/><w:jc w:val="center"/>',
      '<w:b/><w:sz w:val="32"/>',
    ),
    estilo('Fecha', 'Fecha', '<w:jc w:val="right"/>'),
    estilo('Firma', 'Firma', '<w:spacing w:before="2400"/><w:jc w:val="right"/>', '<w:sz w:val="18"/>'),
    estilo(
      'Header',
      'header',
      '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
    ),
  ].join('')}</w:styles>`;
}

const PARTES_FIJAS: Zippable = {
  '[Content_Types].xml': strToU8(tipos()),
  '_rels/.rels': strToU8(
    relaciones(
      [`${R}/officeDocument`, 'word/document.xml'],
      ['http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties', 'docProps/core.xml'],
    ),
  ),
  'word/_rels/document.xml.rels': strToU8(relaciones([`${R}/styles`, 'styles.xml'], [`${R}/header`, 'header1.xml'])),
  'word/_rels/header1.xml.rels': strToU8(
    relaciones([`${R}/image`, 'media/ministerio.png'], [`${R}/image`, 'media/universidad.png']),
  ),
  'word/header1.xml': strToU8(encabezado()),
  'word/styles.xml': strToU8(estilos()),
  'word/media/ministerio.png': [IMAGEN_MINISTERIO, { level: 0 }],
  'word/media/universidad.png': [IMAGEN_UNIVERSIDAD, { level: 0 }],
};
