/** One measured figure beside its budget (DESIGN section 6). */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most it may be; for a floor set `atLeast`. Undefined: printed for information. */
  readonly budget?: number;
  readonly atLeast?: number;
}

/** Prints figures as a table and makes the process end with 1 when one misses its budget. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...figures.map((figure) => figure.name.length));
  for (const figure of figures) {
    const value = `${round(figure.value)} ${figure.unit}`.padStart(14);
    console.log(`  ${figure.name.padEnd(width)} ${value}  ${verdict(figure)}`);
  }
  if (figures.some((figure) => !isMet(figure))) process.exitCode = 1;
}

function verdict(figure: Figure): string {
  if (figure.budget === undefined && figure.atLeast === undefined) return '';
  const bound = figure.budget === undefined ? `>= ${figure.atLeast}` : `<= ${figure.budget}`;
  return `budget ${bound} ${figure.unit}  ${isMet(figure) ? 'met' : 'MISSED'}`;
}

function isMet(figure: Figure): boolean {
  if (Number.isNaN(figure.value)) return false;
  return (
    figure.value <= (figure.budget ?? Number.POSITIVE_INFINITY) &&
    figure.value >= (figure.atLeast ?? Number.NEGATIVE_INFINITY)
  );
}

function round(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value < 1 ? 3 : 1);
}
