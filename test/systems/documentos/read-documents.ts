import { spawnSync } from 'node:child_process';
import { strFromU8, unzipSync } from 'fflate';
import { readXml } from './read-xml.ts';

/** The words of a certificate with single spaces, in reading order; the three formats must give the same. */
export function wordsOf(formato: string, bytes: Uint8Array): string {
  const read = READERS.get(formato);
  if (read === undefined) throw new Error(`no reader for ${formato}`);
  return read(bytes).replaceAll(/\s+/g, ' ').trim();
}

/** The parts of a package as text; images come out as noise and are not asked for. */
export function partsOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, part]) => [name, strFromU8(part)]));
}

/** Number of pages and page size, as pdfinfo prints them. */
export function pdfInfo(bytes: Uint8Array): { readonly pages: number; readonly size: string } {
  const text = run('pdfinfo', ['-'], bytes);
  return { pages: Number(/^Pages:\s+(\d+)/m.exec(text)?.[1]), size: /^Page size:\s+(.*)$/m.exec(text)?.[1] ?? '' };
}

function pdfText(bytes: Uint8Array): string {
  return run('pdftotext', ['-enc', 'UTF-8', '-', '-'], bytes);
}

function docxText(bytes: Uint8Array): string {
  return readXml(partsOf(bytes)['word/document.xml'] ?? '', 'w:p');
}

function odtText(bytes: Uint8Array): string {
  return readXml(partsOf(bytes)['content.xml'] ?? '', 'text:p');
}

function run(program: string, args: readonly string[], input: Uint8Array): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input });
  if (error || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.toString()}`);
  return stdout.toString('utf8');
}

const READERS = new Map([
  ['pdf', pdfText],
  ['docx', docxText],
  ['odt', odtText],
]);
