/** Which lines of a project are asked for, of what its instances wrote or of who asked what. */
export interface LogQuery {
  readonly project: string;
  /** Of these; undefined: of all. */
  readonly services?: readonly string[];
  readonly instance?: string;
  readonly release?: number;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** At most this many of the newest lines. */
  readonly tail?: number;
  readonly follow?: boolean;
}
