import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { readQuickly } from './quick.ts';

/*
 * What it must not give up, because most files are made of it, and what it must. That it reads as the package does is
 * tried on thousands of texts: test/fuzz/quick-yaml.test.ts.
 */

test('what most Compose files are made of is read', () => {
  const text = `# a comment
x-log: &log { driver: json-file, options: {max-size: 10m, "max-file": '3'} }
services:
  web: &web
    image: registry.example/web:\${TAG:-1.0} # the newest
    command: ["node", server.mjs, --port=80]
    environment:
    - URL=http://db:5432/x#y
    -   EMPTY=
    labels:
      traefik.http.routers.web.rule: Host(\`a.example\`)
    ports:
      - "80:80"
      - target: 443
        published: '8443'
    logging: *log
    tty:

  other:
    <<: *web
    command: []
volumes: {}`;
  const read = readQuickly(text);
  assert.deepEqual(
    read?.items.map((pair) => String(pair.key)),
    ['x-log', 'services', 'volumes'],
  );
  assert.ok(readQuickly(`${text}\n`));
});

const others: Readonly<Record<string, string>> = {
  'a block text': 'a: |\n  b\n',
  'a text on several lines': 'a: b\n  c\n',
  'a quoted text on several lines': 'a: "b\n  c"\n',
  'an escape': 'a: "b\\n"\n',
  'a tag': 'a: !reset b\n',
  'several documents': 'a: b\n---\nc: d\n',
  'a list on several lines': 'a: [b,\n  c]\n',
  'a tab': 'a:\tb\n',
  'a carriage return': 'a: b\r\n',
  'an anchor of nothing': 'a: &b\nc: d\n',
  'a question': '? a\n: b\n',
  'a list alone': '- a\n',
  'a text alone': 'a\n',
  nothing: '# nothing\n',
  'a mapping inside a text': 'a: b: c\n',
  'a wrong indent': 'a:\n    b: c\n  d: e\n',
  'an open bracket': 'a: [b\n',
  'too deep': `a: ${'['.repeat(50)}${']'.repeat(50)}\n`,
  'too much': `a:\n${'- b\n'.repeat(300_001)}`,
};

for (const [what, text] of Object.entries(others)) {
  test(`${what} is left to the package`, () => assert.equal(readQuickly(text), undefined));
}

test('a hostile line takes no longer than its length', () => {
  const [many, before] = [200_000, process.threadCpuUsage()];
  for (const line of [`'x${"''".repeat(many)}`, `x${' '.repeat(many)}y`, 'x:'.repeat(many), `[${'x,'.repeat(many)}`]) {
    readQuickly(`a: ${line}\n`);
    readQuickly(`${line}\n`);
  }
  const { user } = process.threadCpuUsage(before);
  assert.ok(user < 5_000_000, `${user} µs`);
});
