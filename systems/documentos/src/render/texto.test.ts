import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textoParaPdf } from './texto-pdf.ts';
import { xml } from './xml.ts';

test('the PDF keeps all of Spanish as it is', () => {
  const texto = `Ñandú Ünal áéíóú ¿¡ «» – — ’ “” º ª € O'Brien & <x>`;
  assert.equal(textoParaPdf(texto), texto);
  assert.equal(textoParaPdf('N\u0303andu\u0301'), 'Ñandú');
});

test('a letter outside the standard fonts loses its marks, and one that has no such form is refused', () => {
  assert.equal(textoParaPdf('Ştefan Łukasz Đorđe Oʼhara A‑B'), 'Stefan Lukasz Dorde O’hara A-B');
  assert.throws(() => textoParaPdf('漢'), /U\+6F22/);
});

test('XML text is escaped, and what XML forbids is left out', () => {
  assert.equal(xml(`a<b>&"'c`), 'a&lt;b&gt;&amp;&quot;&apos;c');
  assert.equal(xml('a\u0000\u001f\ufffe\ud800b\t😀'), 'ab\t😀');
});
