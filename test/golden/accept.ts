/**
 * Writes what the loader finds now into the named golden cases (all of them without names): for when a message or a
 * place changed on purpose. Models are left alone: they come from the reference. Read the diff before you commit it.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { loadGolden, parseGolden, renderFindings } from '../support/golden.ts';

const folder = '/srv/projects/proj';
const named = process.argv.slice(2);
const root = fileURLToPath(new URL('compose/', import.meta.url));
const paths = named.length > 0 ? named : globSync(`${root}**/*.txt`);

for (const path of paths) {
  const text = readFileSync(path, 'utf8');
  const golden = parseGolden(text);
  const found = renderFindings(loadGolden(golden, folder).findings, folder);
  if (found === golden.findings) continue;
  const without = text.replace(/^--- findings ---\n(?:(?!--- ).*\n?)*/m, '');
  const section = found === '' ? '' : `--- findings ---\n${found}\n`;
  writeFileSync(path, without.replace(/(?=^--- reference )|$(?![\s\S])/m, () => section));
  process.stdout.write(`${path}\n`);
}
