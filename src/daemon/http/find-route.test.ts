import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoute } from './find-route.ts';
import { document, type Route } from './route.ts';

const routes: readonly Route[] = [
  { method: 'GET', path: '/projects', handle: () => document('all') },
  { method: 'GET', path: '/projects/:project/status', handle: () => document('one') },
  { method: 'POST', path: '/projects/:project/cancel', handle: () => document('cancel') },
];

const cases = [
  { method: 'GET', path: '/projects', index: 0, params: {} },
  { method: 'GET', path: '/projects/shop/status', index: 1, params: { project: 'shop' } },
  { method: 'GET', path: '/projects/a%2Fb%20c/status', index: 1, params: { project: 'a/b c' } },
  { method: 'POST', path: '/projects/shop/cancel', index: 2, params: { project: 'shop' } },
  { method: 'POST', path: '/projects', index: undefined, params: undefined },
  { method: 'GET', path: '/projects/', index: undefined, params: undefined },
  { method: 'GET', path: '/projects/shop/status/x', index: undefined, params: undefined },
  { method: 'GET', path: '/projects/%ff/status', index: undefined, params: undefined },
];

for (const { method, path, index, params } of cases) {
  test(`${method} ${path}`, () => {
    const found = findRoute(routes, method, path);
    assert.equal(found?.route, index === undefined ? undefined : routes[index]);
    assert.deepEqual(found?.params, params);
  });
}
