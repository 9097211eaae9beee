/** Where in a user's file something stands. Lines and columns start at 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path inside the document, dots between keys: `services.web.ports.0`. */
  readonly path?: string;
}

/** `compose.yaml:12:7`, the form that editors and terminals turn into a link. */
export function renderLocation(at: Location): string {
  return `${at.file}:${at.line}:${at.column}`;
}
