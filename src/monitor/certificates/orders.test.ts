import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextOrderAt, pauseAfter } from './orders.ts';

const day = 86_400_000;
const hour = 3_600_000;

test('what is not there is ordered at once, what is there 30 days before its end', () => {
  assert.equal(nextOrderAt({ key: 'a', issued: undefined, attempts: undefined }), 0);
  const issued = { notBefore: 0, notAfter: 90 * day };
  const due = nextOrderAt({ key: 'a', issued, attempts: undefined });
  assert.ok(due >= 60 * day && due <= 60.5 * day, `${due / day} days`);
  assert.equal(nextOrderAt({ key: 'a', issued, attempts: undefined }), due, 'the same every time');
});

test('a short certificate is renewed in the last third of its life', () => {
  const due = nextOrderAt({ key: 'a', issued: { notBefore: 0, notAfter: 6 * day }, attempts: undefined });
  assert.ok(due >= 4 * day && due <= 4.1 * day, `${due / day} days`);
});

test('renewals of many hosts do not fall on one moment', () => {
  const issued = { notBefore: 0, notAfter: 90 * day };
  const all = Array.from({ length: 20 }, (_, n) => nextOrderAt({ key: `h${n}`, issued, attempts: undefined }));
  assert.equal(new Set(all).size, 20);
  assert.ok(Math.max(...all) - Math.min(...all) > 3 * hour);
});

test('a failure is waited out, longer each time, and never for a day', () => {
  const attempts = { count: 1, lastAt: 0, nextAt: 12_345 };
  assert.equal(nextOrderAt({ key: 'a', issued: undefined, attempts }), 12_345);
  const pauses = Array.from({ length: 12 }, (_, n) => pauseAfter(n + 1));
  assert.deepEqual(
    pauses,
    pauses.toSorted((a, b) => a - b),
  );
  assert.equal(pauses[0], 10_000);
  assert.equal(pauses.at(-1), 12 * hour);
});

test('the first hour of failures stays below the five that Let’s Encrypt allows', () => {
  let at = 0;
  let tries = 0;
  for (let failures = 0; at < hour; failures += 1) {
    tries += 1;
    at += pauseAfter(failures + 1);
  }
  assert.ok(tries <= 4, `${tries} tries`);
});
