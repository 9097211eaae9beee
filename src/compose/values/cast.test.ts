import assert from 'node:assert/strict';
import test from 'node:test';
import { type CastKind, castText } from './cast.ts';

function cast(text: string, kind: CastKind): { readonly value: number | boolean; readonly meant: boolean[] } {
  const meant: boolean[] = [];
  return { value: castText(text, kind, (word) => meant.push(word)), meant };
}

for (const [text, kind, value] of [
  ['3', 'int', 3],
  ['-1', 'int', -1],
  ['+07', 'int', 7],
  ['0.5', 'float', 0.5],
  ['.3', 'float', 0.3],
  ['1e3', 'float', 1000],
  ['2.', 'float', 2],
  ['true', 'boolean', true],
  ['FALSE', 'boolean', false],
] as const) {
  test(`${text} is the ${kind} ${value}`, () => assert.deepEqual(cast(text, kind), { value, meant: [] }));
}

for (const [text, value] of [
  ['y', true],
  ['Yes', true],
  ['ON', true],
  ['n', false],
  ['no', false],
  ['off', false],
] as const) {
  test(`${text} is taken for ${value} and reported`, () => {
    assert.deepEqual(cast(text, 'boolean'), { value, meant: [value] });
  });
}

for (const [text, kind, message] of [
  ['1', 'boolean', '"1" must be true or false'],
  ['constructor', 'boolean', '"constructor" must be true or false'],
  ['', 'int', '"" must be a whole number'],
  ['1.5', 'int', '"1.5" must be a whole number'],
  ['0x10', 'int', '"0x10" must be a whole number'],
  ['1,5', 'float', '"1,5" must be a number'],
  ['1e999', 'float', '"1e999" must be a number'],
] as const) {
  test(`${JSON.stringify(text)} is no ${kind}`, () => {
    assert.throws(() => cast(text, kind), { code: 'COMPOSE_CAST', message });
  });
}
