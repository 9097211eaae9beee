// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are templates of Compose, not of JavaScript
import assert from 'node:assert/strict';
import test from 'node:test';
import { hasCode } from '#core/errors.ts';
import { substitute, variablesOf } from './template.ts';

const environment: Readonly<Record<string, string>> = { S: 's', E: '', DEEP: '${S} $$ $S' };
const lookup = (name: string): string | undefined => environment[name];

// S is set, E is set but empty, U is unset.
const cases: readonly (readonly [template: string, result: string])[] = [
  ['plain', 'plain'],
  ['$S ${S} $S.x ${S}x', 's s s.x sx'],
  ['[$U] [${U}] [$E]', '[] [] []'],
  ['$$S $$$$ $$$S', '$S $$ $s'],
  ['$1 $(date) $- a$ $ x $} $é', '$1 $(date) $- a$ $ x $} $é'],
  ['${S:-d} ${E:-d} ${U:-d}', 's d d'],
  ['${S-d} [${E-d}] ${U-d}', 's [] d'],
  ['${S:+r} [${E:+r}] [${U:+r}]', 'r [] []'],
  ['${S+r} ${E+r} [${U+r}]', 'r r []'],
  ['${S:?m} [${E?m}]', 's []'],
  ['${U:-${V:-${W:-z}}}', 'z'],
  ['${U:-{"k":1}}', '{"k":1}'],
  ['${U:-{"a":{"b":1}}}!', '{"a":{"b":1}}!'],
  ['${U:-a-${S}-b}tail', 'a-s-btail'],
  ['${U:-$S$$S}', 's$S'],
  ['${U:-}', ''],
  ['x${U:-a}${U:-b}y', 'xaby'],
  ['${U:-http://h:80/?q=1+2}', 'http://h:80/?q=1+2'],
  ['${U-a:-b}', 'a:-b'],
  ['${U:-x:?y}', 'x:?y'],
  ['${U:-{}}', '{}'],
  ['$DEEP', '${S} $$ $S'],
  ['${S:-${broken}', 's'],
  ['first ${U:-1}\nsecond ${U:-2}}', 'first 1\nsecond 2}'],
];

for (const [template, result] of cases) {
  test(`substitutes ${JSON.stringify(template)}`, () => assert.equal(substitute(template, lookup), result));
}

for (const [template, fragment] of [
  ['${', '${'],
  ['${}', '${}'],
  ['${ S}', '${ S}'],
  ['${S }', '${S }'],
  ['${1X}', '${1X}'],
  ['${S!}', '${S!}'],
  ['a ${S', '${S'],
  ['${U:-a\nb}', '${U:-a…'],
  ['ok $S then ${-x} and secret', '${-x}'],
  ['${LONG_NAME_WITHOUT_END and secret', '${LONG_NAME_WITHOUT_END …'],
] as const) {
  test(`refuses ${JSON.stringify(template)}`, () => {
    assert.throws(
      () => substitute(template, lookup),
      (error) => hasCode(error, 'COMPOSE_INTERPOLATION_FORMAT') && error.message.endsWith(`: ${fragment}`),
    );
  });
}

test('a required variable names itself and its substituted message', () => {
  assert.throws(() => substitute('${U:?need ${S}}', lookup), {
    code: 'COMPOSE_INTERPOLATION_REQUIRED',
    message: 'required variable U is missing a value: need s',
    hint: 'add U=… to the .env file, or export it',
  });
  assert.throws(() => substitute('${E:?}', lookup), { message: 'required variable E is missing a value' });
});

test('only plain variables that are used count as missing', () => {
  const missing: string[] = [];
  substitute('$U ${V} ${W:-d} ${X+r} ${Y:-$Z} ${S:-$NO} ${S?$NO} ${U}', lookup, (name) => missing.push(name));
  assert.deepEqual(missing, ['U', 'V', 'Z', 'U']);
});

test('defaults nested beyond sense are refused, not a stack overflow', () => {
  const levels = 20_000;
  assert.throws(() => substitute('${U:-'.repeat(levels) + '}'.repeat(levels), lookup), {
    code: 'COMPOSE_INTERPOLATION_DEPTH',
  });
});

test('time grows with the length, not with its square', () => {
  const once = '${U:-{"a":1}} ';
  const started = process.hrtime.bigint();
  assert.equal(substitute(`${once.repeat(50_000)}${'x'.repeat(1_000_000)}`, lookup).length, 50_000 * 8 + 1_000_000);
  assert.ok(process.hrtime.bigint() - started < 2_000_000_000n);
});

test('lists what a template mentions, defaults included', () => {
  assert.deepEqual(variablesOf('$A ${B} $$NO ${C:?m $NOT} ${D:+alt} ${E-${F}} ${'), [
    { name: 'A', required: false },
    { name: 'B', required: false },
    { name: 'C', required: true },
    { name: 'D', presenceValue: 'alt', required: false },
    { name: 'E', defaultValue: '${F}', required: false },
    { name: 'F', required: false },
  ]);
});
