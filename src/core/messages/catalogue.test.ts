import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Code, catalogue } from './catalogue.ts';
import { exampleFacts } from './example-facts.ts';
import type { Message } from './message.ts';

const entries = Object.entries(catalogue) as unknown as readonly [Code, Message<unknown>][];

/** A fact that a sentence looks up in vain shows as this; one sentence says the word on purpose. */
const broken = /\bundefined\b|NaN|\[object/;
const saysUndefined = new Set<Code>(['COMPOSE_UNDEFINED']);

test('every message renders in both languages, and they differ', () => {
  assert.ok(entries.length > 50);
  for (const [code, { text }] of entries) {
    const [en, es] = [text.en(exampleFacts(code)), text.es(exampleFacts(code))];
    assert.ok(en.trim() !== '' && es.trim() !== '', `${code} is empty`);
    assert.ok(en !== es || !hasOwnWords(en), `${code} says the same in English and Spanish: ${en}`);
    if (!saysUndefined.has(code)) assert.doesNotMatch(`${en} ${es}`, broken, code);
  }
});

test('every hint renders in both languages', () => {
  for (const [code, { hint }] of entries) {
    if (hint === undefined) continue;
    const [en, es] = [hint.en(exampleFacts(code)), hint.es(exampleFacts(code))];
    assert.ok(en.trim() !== '' && es.trim() !== '', `the hint of ${code} is empty`);
    assert.doesNotMatch(`${en} ${es}`, broken, code);
  }
});

test('codes are stable names in capitals', () => {
  for (const [code] of entries) assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
});

/** `<address>: <reason>` is made of facts alone and is the same in every language. */
function hasOwnWords(sentence: string): boolean {
  return /[a-z]/i.test(sentence.replaceAll(/<[^>]*>/g, ''));
}
