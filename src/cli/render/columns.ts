import { stripVTControlCharacters } from 'node:util';

/** Text in columns, two spaces between, no trailing blanks. Colours do not count as width. */
export function renderColumns(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) => `${indent}${renderRow(row, widths)}\n`).join('');
}

/** How many columns `text` takes on a terminal, near enough: colours take none. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function renderRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)));
  return cells.join('  ').trimEnd();
}
