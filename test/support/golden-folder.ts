import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GoldenCase } from './golden.ts';

/** A real folder named `proj` with the files of a golden case, gone when the scope ends. */
export function goldenFolder(golden: GoldenCase): Disposable & { readonly folder: string } {
  const root = mkdtempSync(join(tmpdir(), 'timonel-golden-'));
  const folder = join(root, 'proj');
  const place = (text: string): string => text.replaceAll('{{DIR}}', folder).replaceAll('{{PARENT}}', root);
  mkdirSync(folder);
  for (const path of golden.directories) mkdirSync(join(folder, path), { recursive: true });
  for (const [path, text] of Object.entries(golden.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), place(text));
  }
  for (const [path, target] of Object.entries(golden.links)) symlinkSync(place(target), join(folder, path));
  return {
    folder,
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
