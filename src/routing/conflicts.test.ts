import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { Route } from '#model/route.ts';
import { inspectConflicts } from './conflicts.ts';
import { parseRule } from './rule.ts';

function route(project: string, rule: string, more: Partial<Route> = {}): Route {
  return {
    ...{ name: 'web', project, service: 'web', port: 80, priority: 1, tls: { kind: 'none' } },
    ...{ entries: ['http'], match: parseRule(rule) },
    ...more,
  };
}

const found = (wanted: readonly Route[], carried: readonly Route[] = []) =>
  inspectConflicts({ wanted, carried, locate: () => undefined }).map((one) => `${one.severity} ${say(one.said, 'en')}`);

test('the same rule of another project is taken, however it is written', () => {
  const owner = route('shop', 'Host(`a.x`) && (PathPrefix(`/b`) || PathPrefix(`/a`))');
  assert.deepEqual(found([route('blog', '(PathPrefix(`/a`) || PathPrefix(`/b`)) && Host(`A.x`)')], [owner]), [
    'error route web (Host(`a.x`) && PathPrefix(`/b`)) is already taken by shop/web (web)',
  ]);
});

test('one host of several is enough to be in the way', () => {
  const owner = route('shop', 'Host(`a.x`) || Host(`b.x`)');
  assert.match(found([route('blog', 'Host(`b.x`)')], [owner])[0] ?? '', /^error .*Host\(`b\.x`\).* taken by shop\/web/);
});

test('another path, another entry and the own project are free', () => {
  const owner = route('shop', 'Host(`a.x`)');
  assert.deepEqual(found([route('blog', 'Host(`a.x`) && PathPrefix(`/blog`)')], [owner]), []);
  assert.deepEqual(found([route('blog', 'Host(`a.x`)', { entries: ['https'] })], [owner]), []);
  assert.deepEqual(found([route('shop', 'Host(`a.x`)')], [owner]), []);
});

test('two services of one project want the same: an error, unless the file says which goes first', () => {
  const first = route('shop', 'Host(`a.x`)');
  const second = route('shop', 'Host(`a.x`)', { name: 'api', service: 'api' });
  assert.deepEqual(found([first, second]), ['error route api asks for Host(`a.x`), and so does web (web)']);
  assert.match(found([first, { ...second, priority: 9 }])[0] ?? '', /^warning /);
  assert.match(found([first, { ...first, name: 'web-2' }])[0] ?? '', /^warning /);
});
