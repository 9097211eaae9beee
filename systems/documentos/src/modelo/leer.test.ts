import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leerAlumno } from './leer-alumno.ts';
import { leerEspecialidad } from './leer-especialidad.ts';

const LUGAR = { ciudad: 'San Rafael', provincia: 'Mendoza', universidad: 'UTN' };
const FORMA_A = {
  ...{ id: 7, nombre: 'Ana', apellido: 'Paz', nrodocumento: '40', legajo: '9' },
  tipo_documento: { id: 1, nombre: 'Documento', sigla: 'DNI' },
  especialidad: { id: 4, nombre: 'Civil', letra: 'C', observacion: null, facultad: 'FRSR' },
};
const FORMA_B = {
  ...{ id: 7, nombre: 'Ana', apellido: 'Paz', nro_documento: 40, tipo_documento: 'DNI', sexo: 'F', nro_legajo: 9 },
  especialidad_id: 4,
};

test('shapes A and B of a student give the same student', () => {
  const a = leerAlumno(FORMA_A, 7, LUGAR);
  const b = leerAlumno(FORMA_B, 7, LUGAR);
  assert.ok(a.kind === 'completo' && b.kind === 'completo');
  const { tipoDocumento: tipoA, especialidad: civil, ...restoA } = a.valor;
  const { tipoDocumento: tipoB, especialidad: soloId, ...restoB } = b.valor;
  assert.deepEqual(restoA, restoB);
  assert.equal(tipoA.sigla, tipoB.sigla);
  assert.ok('nombre' in civil && civil.nombre === 'Civil');
  assert.deepEqual(soloId, { soloId: 4 });
});

test('an especialidad that is only an id, in any way, has to be asked for', () => {
  for (const especialidad of [4, '4', { id: 4 }, { id: 4, nombre: 'Sin facultad' }]) {
    const lectura = leerAlumno({ ...FORMA_A, especialidad }, 7, LUGAR);
    assert.ok(lectura.kind === 'completo');
    assert.deepEqual(lectura.valor.especialidad, { soloId: 4 });
  }
});

test('what is missing or empty is listed', () => {
  const { legajo: _, ...sinLegajo } = FORMA_A;
  const lectura = leerAlumno({ ...sinLegajo, apellido: '  ', especialidad: null }, 7, LUGAR);
  assert.deepEqual(lectura, { kind: 'incompleto', faltantes: ['apellido', 'legajo', 'especialidad'] });
});

test('another person, and what is no student at all, are refused', () => {
  for (const json of [
    { ...FORMA_A, id: 8 },
    null,
    [],
    'x',
    { ...FORMA_A, nombre: 5 },
    { ...FORMA_A, nombre: 'x'.repeat(51) },
  ]) {
    assert.equal(leerAlumno(json, 7, LUGAR).kind, 'ajeno');
  }
});

test('both shapes of an especialidad, with what they lack from the configuration', () => {
  const facultad = { nombre: 'FRM', ciudad: 'Mendoza', provincia: 'Mendoza', universidad: { nombre: 'Otra' } };
  const a = leerEspecialidad({ id: 1, nombre: 'Química', letra: 'Q', facultad }, LUGAR);
  const b = leerEspecialidad({ id: 1, especialidad: 'Química', facultad: 'FRM', universidad: 'Otra' }, LUGAR);
  assert.ok(a.kind === 'completo' && b.kind === 'completo');
  assert.deepEqual(a.valor.facultad, { nombre: 'FRM', ciudad: 'Mendoza', provincia: 'Mendoza' });
  assert.deepEqual(b.valor.facultad, { nombre: 'FRM', ciudad: 'San Rafael', provincia: 'Mendoza' });
  assert.deepEqual(a.valor.universidad, b.valor.universidad);
  assert.equal(leerEspecialidad({ id: 1, nombre: 'Química' }, LUGAR).kind, 'incompleto');
});
