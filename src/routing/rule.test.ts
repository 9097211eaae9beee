import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breadth } from './breadth.ts';
import { parseRule } from './rule.ts';
import { ruleText } from './rule-text.ts';

const readings: readonly (readonly [rule: string, reading: string])[] = [
  ['Host(`documentos.universidad.localhost`)', 'Host(`documentos.universidad.localhost`)'],
  ['Host("Tienda.Example.")', 'Host(`tienda.example`)'],
  ['Host(`a.x`, `b.x`)', 'Host(`a.x`) || Host(`b.x`)'],
  ['Host(`a.x`) && PathPrefix(`/api`)', 'Host(`a.x`) && PathPrefix(`/api`)'],
  ['Host(`a.x`)||Host(`b.x`)&&Path(`/p`)', 'Host(`a.x`) || Host(`b.x`) && Path(`/p`)'],
  ['(Host(`a.x`) || Host(`b.x`)) && !Method(`get`)', '(Host(`a.x`) || Host(`b.x`)) && !Method(`GET`)'],
  ['!(Path(`/a`) || Path(`/b`))', '!(Path(`/a`) || Path(`/b`))'],
  ['HostRegexp(`^.+\\.example\\.com$`)', 'HostRegexp(`^.+\\.example\\.com$`)'],
  ['HostRegexp(`{sub:[a-z]+}.example.com`)', 'HostRegexp(`^(?:[a-z]+)\\.example\\.com$`)'],
  ['Path(`/users/{id:[0-9]{1,3}}`)', 'PathRegexp(`^/users/(?:[0-9]{1,3})$`)'],
  ['PathPrefix(`/u/{id}`)', 'PathRegexp(`^/u/(?:[^/]+)`)'],
  ['Header(`X-A`, `1`) && Headers(`X-B`, `2`)', 'Header(`X-A`, `1`) && Header(`X-B`, `2`)'],
  ['Query(`mobile`)', 'Query(`mobile`, ``)'],
  ['Query(`a=1`)', 'Query(`a`, `1`)'],
  ['QueryRegexp(`a`, `^v`)', 'QueryRegexp(`a`, `^v`)'],
  ['ClientIP(`10.0.0.0/8`, `::1`)', 'ClientIP(`10.0.0.0/8`) || ClientIP(`::1`)'],
];

for (const [rule, reading] of readings) {
  test(`reads ${rule}`, () => {
    assert.equal(ruleText(parseRule(rule)), reading);
    assert.equal(ruleText(parseRule(reading)), reading, 'what is printed reads the same');
  });
}

const refusals: readonly (readonly [rule: string, reason: RegExp])[] = [
  ['', /expected a matcher, found the end/],
  ['Hots(`a.x`)', /unknown matcher Hots; did you mean Host\?/],
  ['Host(`a.x`) &&', /expected a matcher/],
  ['Host(`a.x`', /expected ","/],
  ['Host()', /needs a value/],
  ['Host(a)', /between backticks/],
  ['Host(`a.x, b.x`)', /not one host name/],
  ['Path(`api`)', /must begin with \//],
  ['PathRegexp(`(`)', /bad regular expression/],
  ['Header(`X-A`)', /a name and a value/],
  ['Host(`a.x`) Host(`b.x`)', /unexpected "Host"/],
  ['Host(`a.x`) ; Path(`/`)', /unexpected ";/],
  ['ClientIP(`example.com`)', /no address range/],
  ['Path(`/a\nb`)', /control characters/],
];

for (const [rule, reason] of refusals) {
  test(`refuses ${JSON.stringify(rule)}`, () => {
    assert.throws(
      () => parseRule(rule),
      (error) => error instanceof SyntaxError && reason.test(error.message),
    );
  });
}

test('breadth counts what the rule becomes without nesting', () => {
  assert.equal(breadth(parseRule('Host(`a.x`)')), 1);
  assert.equal(breadth(parseRule('(Host(`a.x`) || Host(`b.x`)) && (Path(`/a`) || Path(`/b`) || Path(`/c`))')), 6);
  assert.equal(breadth(parseRule('!(Host(`a.x`) || Host(`b.x`))')), 1);
  assert.equal(breadth(parseRule('!(Host(`a.x`) && Host(`b.x`))')), 2);
});
