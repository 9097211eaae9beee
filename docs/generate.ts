/**
 * Writes the pages that are made from the code: docs/errors.md, docs/x-timonel.md, docs/cli.md and docs/compose.md.
 *
 *   ./timonel --node docs/generate.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCliPage } from './pages/cli.ts';
import { renderComposePage } from './pages/compose.ts';
import { renderErrorsPage } from './pages/errors.ts';
import { renderSettingsPage } from './pages/settings.ts';

/** Every generated page, by its file name in docs/. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'errors.md': renderErrorsPage,
  'x-timonel.md': renderSettingsPage,
  'cli.md': renderCliPage,
  'compose.md': renderComposePage,
};

if (import.meta.main) {
  for (const [name, render] of Object.entries(pages)) {
    writeFileSync(join(import.meta.dirname, name), await render());
  }
}
