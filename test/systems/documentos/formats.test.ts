import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FORMATOS } from 'documentos-service/src/render/formatos.ts';
import { Padron, type Running, startDocumentos, startReal } from './in-process.ts';
import { partsOf, pdfInfo, wordsOf } from './read-documents.ts';
import { readXml } from './read-xml.ts';

const MOCK_IDS = [1, 2, 3, 5, 8, 13, 21, 34];
const FACTS_OF_1 = [
  'Muñoz Agüero',
  'María Belén',
  'DNI 41236587',
  '10473',
  'estudiante regular',
  'Ingeniería en Sistemas de Información',
  'Facultad Regional San Rafael',
  'Universidad Tecnológica Nacional',
  'SAN RAFAEL, MENDOZA',
  'pedido de la persona interesada',
  'donde corresponda',
  'sin enmiendas',
];

let documentos: Running;
before(async () => {
  documentos = await startDocumentos({ USE_MOCK_DATA: 'true' });
});
after(() => documentos.close());

test('3. Certificate 1 as PDF is one A4 page that states every fact', async () => {
  const response = await documentos.certificado(1, 'pdf');
  const bytes = await response.bytes();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/pdf');
  assert.doesNotMatch(response.headers.get('content-disposition') ?? '', /attachment/);
  assert.equal(Buffer.from(bytes.subarray(0, 5)).toString(), '%PDF-');
  const info = pdfInfo(bytes);
  assert.equal(info.pages, 1);
  assert.match(info.size, /\(A4\)/);
  assertFacts(wordsOf('pdf', bytes));
});

test('4. DOCX is a valid package with the same facts and its own file name', async () => {
  const response = await documentos.certificado(1, 'docx');
  const bytes = await response.bytes();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), FORMATOS.docx.tipo);
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="certificado_alumno_1.docx"');
  const parts = partsOf(bytes);
  for (const [name, part] of Object.entries(parts)) if (/\.(xml|rels)$/.test(name)) readXml(part, '');
  for (const target of targetsOf(parts)) assert.ok(parts[target], `${target} is in the package`);
  const words = wordsOf('docx', bytes);
  assert.doesNotMatch(words, /[{}]|undefined|null|NaN/);
  assertFacts(words);
  assert.equal(words, wordsOf('pdf', await (await documentos.certificado(1, 'pdf')).bytes()));
});

test('5. ODT starts with a stored mimetype, parses, and has the same facts', async () => {
  const response = await documentos.certificado(1, 'odt');
  const bytes = await response.bytes();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), FORMATOS.odt.tipo);
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="certificado_alumno_1.odt"');
  // A local file header: signature, then method at 8, name length at 26, extra length at 28, name at 30.
  const head = Buffer.from(bytes);
  assert.equal(head.readUInt32LE(0), 0x04034b50);
  assert.equal(head.readUInt16LE(8), 0, 'stored');
  assert.equal(head.readUInt16LE(28), 0, 'no extra field');
  assert.equal(head.toString('latin1', 30, 38), 'mimetype');
  assert.equal(head.toString('latin1', 38, 38 + FORMATOS.odt.tipo.length), FORMATOS.odt.tipo);
  const parts = partsOf(bytes);
  for (const [name, part] of Object.entries(parts)) if (name.endsWith('.xml')) readXml(part, '');
  for (const [, path] of parts['META-INF/manifest.xml']?.matchAll(/full-path="([^"/][^"]*)"/g) ?? []) {
    assert.ok(parts[path ?? ''], `${path} is in the package`);
  }
  const words = wordsOf('odt', bytes);
  assertFacts(words);
  assert.equal(words, wordsOf('pdf', await (await documentos.certificado(1, 'pdf')).bytes()));
});

test('6. Accents, Ñ, apostrophes, & and < appear intact in all three formats', async () => {
  await using padron = await Padron.start();
  await using real = await startReal(padron, undefined);
  const nombre = `Íñigo Ünal & <Hijo> "Ñandú"`;
  const apellido = "O'Brien D’Ávila ]]> {{x}} &amp;";
  await padron.serve('alumnos', 6, {
    ...{ id: 6, nombre, apellido, nrodocumento: '1', legajo: '2', especialidad_id: 1 },
    tipo_documento: { id: 1, sigla: 'DNI', nombre: 'Documento' },
  });
  for (const formato of Object.keys(FORMATOS)) {
    const response = await real.certificado(6, formato);
    assert.equal(response.status, 200, formato);
    const words = wordsOf(formato, await response.bytes());
    assert.ok(words.includes(`${apellido}, ${nombre}`), `${formato}: ${words}`);
  }
});

test('7. The date is Spanish and follows the time zone of the faculty around midnight UTC', async () => {
  const cases = [
    ['2025-12-06T12:00:00Z', '06 de diciembre de 2025'],
    ['2026-01-01T02:59:59Z', '31 de diciembre de 2025'],
    ['2026-01-01T03:00:00Z', '01 de enero de 2026'],
    ['2026-09-30T23:30:00Z', '30 de septiembre de 2026'],
  ] as const;
  let now = new Date(0);
  await using service = await startDocumentos({ USE_MOCK_DATA: 'true' }, { reloj: () => now });
  for (const [instant, expected] of cases) {
    now = new Date(instant);
    for (const formato of Object.keys(FORMATOS)) {
      const words = wordsOf(formato, await (await service.certificado(1, formato)).bytes());
      assert.ok(words.includes(`SAN RAFAEL, MENDOZA, ${expected}.`), `${formato} ${instant}: ${words}`);
    }
  }
});

test('9. All eight mock students in three formats, each more than 1,000 bytes and in the same words', async () => {
  for (const id of MOCK_IDS) {
    const all = await Promise.all(
      Object.keys(FORMATOS).map(async (formato) => {
        const response = await documentos.certificado(id, formato);
        const bytes = await response.bytes();
        assert.equal(response.status, 200, `${id} ${formato}`);
        assert.ok(bytes.length > 1000, `${id} ${formato}: ${bytes.length} bytes`);
        return wordsOf(formato, bytes);
      }),
    );
    assert.equal(new Set(all).size, 1, `the three texts of ${id} are one`);
  }
});

function assertFacts(words: string): void {
  for (const fact of FACTS_OF_1) assert.ok(words.includes(fact), `"${fact}" in: ${words}`);
}

/** Every part that a relationship of a DOCX points at. */
function targetsOf(parts: Readonly<Record<string, string>>): string[] {
  return Object.entries(parts).flatMap(([name, part]) => {
    if (!name.endsWith('.rels')) return [];
    const folder = name.startsWith('word/') ? 'word/' : '';
    return [...part.matchAll(/Target="([^"]+)"/g)].map(([, target]) => `${folder}${target}`);
  });
}
