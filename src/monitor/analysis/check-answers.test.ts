import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanaryCheck, Verdict } from '#model/canary.ts';
import { type CheckAnswer, judgeAnswer } from './check-answers.ts';

const query: CanaryCheck = { kind: 'prometheus', url: 'http://p', query: 'errors', demand: { most: 0.1, least: 0 } };
const ready: CanaryCheck = { kind: 'http', url: '/ready', status: [], demand: {} };
const score: CanaryCheck = { kind: 'http', url: '/q', status: [200], json: 'data.0.score', demand: { least: 5 } };
const word: CanaryCheck = { kind: 'http', url: '/q', status: [], json: 'ok', demand: { equals: 'true' } };

const answer = (body: unknown, status = 200): CheckAnswer => ({
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const vector = (...values: readonly string[]) =>
  answer({ data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) } });

const cases: readonly (readonly [what: string, check: CanaryCheck, answer: CheckAnswer, verdict: Verdict])[] = [
  ['a vector in its bounds', query, vector('0.05'), 'pass'],
  ['a vector beyond', query, vector('0.2'), 'fail'],
  ['a vector below', query, vector('-1'), 'fail'],
  ['a scalar', query, answer({ data: { resultType: 'scalar', result: [1, '0.2'] } }), 'fail'],
  ['a division by nothing', query, vector('+Inf'), 'fail'],
  ['an empty vector', query, vector(), 'inconclusive'],
  ['a value that was not measured', query, vector('NaN'), 'inconclusive'],
  ['an error of Prometheus', query, answer({ status: 'error' }, 422), 'inconclusive'],
  ['half of an answer', query, answer('{"data":'), 'inconclusive'],
  ['nobody there', query, { kind: 'silence', reason: 'connection refused' }, 'inconclusive'],
  ['a status', ready, answer('fine'), 'pass'],
  ['a wrong status', ready, answer('no', 503), 'fail'],
  ['a number in the answer', score, answer({ data: [{ score: 7 }] }), 'pass'],
  ['too small a number', score, answer({ data: [{ score: 2 }] }), 'fail'],
  ['no number where one should be', score, answer({ data: [{ score: 'many' }] }), 'fail'],
  ['no such member', score, answer({ data: [] }), 'inconclusive'],
  ['a member of every object', { ...word, json: 'constructor' } as CanaryCheck, answer({}), 'inconclusive'],
  ['a word', word, answer({ ok: true }), 'pass'],
  ['another word', word, answer({ ok: false }), 'fail'],
];

for (const [what, check, given, verdict] of cases)
  test(`${what}: ${verdict}`, () => assert.equal(judgeAnswer(check, given).verdict, verdict));

test('evidence shows no password, and no more of an answer than somebody reads', () => {
  const check: CanaryCheck = { kind: 'http', url: 'http://ana:s3cret@q/x?a@b', status: [], demand: { equals: 'ok' } };
  const { asked, found } = judgeAnswer(check, answer('x'.repeat(5000))) as { asked: string; found: string };
  assert.deepEqual([asked, found.length], ['http://q/x?a@b', 200]);
});
