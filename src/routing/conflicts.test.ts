import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import type { Route } from '#model/route.ts';
import { findTakenRoutes } from './conflicts.ts';
import { parseRule } from './rule.ts';

function route(project: string, rule: string, entries: Route['entries'] = ['http']): Route {
  return {
    ...{ name: 'web', project, service: 'web', port: 80, priority: 1, tls: { kind: 'none' } },
    entries,
    match: parseRule(rule),
  };
}

const taken = (wanted: Route, ...others: Route[]) =>
  findTakenRoutes([wanted], others).map((one) => say(one.said, 'en'));

test('the same rule of another project is taken, however it is written', () => {
  const owner = route('shop', 'Host(`a.x`) && (PathPrefix(`/b`) || PathPrefix(`/a`))');
  assert.deepEqual(taken(route('blog', '(PathPrefix(`/a`) || PathPrefix(`/b`)) && Host(`A.x`)'), owner), [
    'route web ((PathPrefix(`/a`) || PathPrefix(`/b`)) && Host(`a.x`)) is already taken by shop/web (web)',
  ]);
});

test('another path, another entry and the own project are free', () => {
  const owner = route('shop', 'Host(`a.x`)');
  assert.deepEqual(taken(route('blog', 'Host(`a.x`) && PathPrefix(`/blog`)'), owner), []);
  assert.deepEqual(taken(route('blog', 'Host(`a.x`)', ['https']), owner), []);
  assert.deepEqual(taken(route('shop', 'Host(`a.x`)'), owner), []);
});
