import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Authority } from '#model/certificate.ts';
import type { Domains, Route, Tls } from '#model/route.ts';
import { wantedCertificates } from './certificates.ts';

const authority: Authority = {
  directory: 'https://ca.example/dir',
  challenge: { kind: 'dns-01', hook: ['./record.sh'], cwd: '/' },
};
const acme = (domains?: Domains): Tls => ({ kind: 'acme', authority, ...(domains === undefined ? {} : { domains }) });
const own: Tls = { kind: 'self-signed' };
const file = (name: string): Tls => ({ kind: 'file', certificate: `/tls/${name}.crt`, key: `/tls/${name}.key` });

function route(name: string, tls: Tls, project = 'p'): Route {
  return {
    ...{ name, project, service: 'web', port: 80, priority: 1, entries: ['https'], tls },
    match: name.startsWith('^') ? { kind: 'host-regexp', pattern: name } : { kind: 'host', name },
  };
}

/** Each certificate on a line, without the default. */
function wanted(...routes: readonly Route[]): readonly string[] {
  const lines = (given: readonly Route[]) =>
    wantedCertificates({ routes: given })
      .slice(1)
      .map(({ hosts, tls, projects, servedBy }) =>
        [tls.kind, ...hosts, `(${projects.join()})`, ...(servedBy ? [`until ${servedBy}`] : [])].join(' '),
      );
  assert.deepEqual(lines(routes.toReversed()), lines(routes), 'the order of routes makes no difference');
  return lines(routes);
}

test('each host has a certificate of its own; of several sources files come first', () => {
  assert.deepEqual(wanted(route('b.x', own), route('a.x', acme()), route('b.x', file('b'))), [
    'acme a.x (p)',
    'file b.x (p)',
  ]);
  assert.deepEqual(wantedCertificates({ routes: [{ ...route('a.x', own), entries: ['http'] }] }), []);
});

test('a wildcard serves the hosts that it stands for, one label deep', () => {
  const star = route('*.b.x', acme());
  assert.deepEqual(wanted(star, route('a.b.x', acme()), route('b.x', acme()), route('c.a.b.x', acme())), [
    'acme *.b.x (p)',
    'acme a.b.x (p) until *.b.x',
    'acme b.x (p)',
    'acme c.a.b.x (p)',
  ]);
  assert.deepEqual(wanted(star, route('a.b.x', file('a'))), ['acme *.b.x (p)', 'file a.b.x (p)']);
  assert.deepEqual(wanted(route('*.b.x', file('b')), route('a.b.x', acme()), route('c.b.x', own)), [
    'file *.b.x (p)',
    'acme a.b.x (p) until *.b.x',
    'self-signed c.b.x (p) until *.b.x',
  ]);
});

test('a wildcard serves no host that wants better, is of another project, or that clients would not take it for', () => {
  const alone = (star: Route, one: Route) => wanted(star, one).every((line) => !line.includes('until'));
  assert.ok(alone(route('*.b.x', own), route('a.b.x', acme())));
  assert.ok(alone(route('*.b.x', acme(), 'q'), route('a.b.x', acme())));
  assert.ok(alone(route('*.localhost', own), route('a.localhost', own)));
  const elsewhere: Tls = { kind: 'acme', authority: { ...authority, directory: 'https://other.example/dir' } };
  assert.ok(alone(route('*.b.x', elsewhere), route('a.b.x', acme())));
  const byHttp: Tls = { kind: 'acme', authority: { ...authority, challenge: { kind: 'http-01' } } };
  assert.ok(alone(route('*.b.x', byHttp), route('a.b.x', byHttp)));
});

test('names that a route asks for are in one certificate, and each name is in one only', () => {
  const both = acme([['b.x', '*.b.x']]);
  assert.deepEqual(wanted(route('^.+$', both), route('b.x', acme()), route('a.b.x', acme())), [
    'acme a.b.x (p) until *.b.x',
    'acme b.x *.b.x (p)',
  ]);
  assert.deepEqual(wanted(route('b.x', acme([['b.x', 'www.b.x']])), route('^.$', both, 'q'), route('b.x', file('b'))), [
    'acme *.b.x (q)',
    'file b.x (p,q)',
    'acme www.b.x (p)',
  ]);
  // Authorities refuse a name beside its wildcard.
  assert.deepEqual(wanted(route('^.$', acme([['b.x', 'b.x', '*.b.x', 'www.b.x']]))), [
    'acme b.x *.b.x (p)',
    'acme www.b.x (p) until *.b.x',
  ]);
});

test('a file whose route names no host is presented to the names that it is for', () => {
  assert.deepEqual(wanted(route('^a$', file('a')), route('^b$', file('a'), 'q'), route('c.x', own)), [
    'file (p,q)',
    'self-signed c.x (p)',
  ]);
});
