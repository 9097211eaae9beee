import type { CanaryReport } from '#model/canary.ts';

/** The canaries that are judged now, for `status`. */
export class CanaryBoard {
  readonly #reports = new Map<string, CanaryReport>();

  show(project: string, report: CanaryReport): void {
    this.#reports.set(`${project}/${report.service}`, report);
  }

  clear(project: string, service: string): void {
    this.#reports.delete(`${project}/${service}`);
  }

  of(project: string): readonly CanaryReport[] {
    return [...this.#reports].filter(([key]) => key.startsWith(`${project}/`)).map(([, report]) => report);
  }
}
