import type { FactsOf } from '#core/messages/catalogue.ts';

export type ProblemKind = FactsOf<'COMPOSE_YAML_SYNTAX'>['problem'];

/** Stops the reading of a stream that is no YAML. Caught by `readYaml`, never seen outside. */
export class YamlProblem extends Error {
  readonly problem: ProblemKind;
  readonly offset: number;
  /** The character or word that the sentence is about. */
  readonly detail: string;

  constructor(problem: ProblemKind, offset: number, detail = '') {
    super(problem);
    this.problem = problem;
    this.offset = offset;
    this.detail = detail;
  }
}

/** Stops the reading of a stream that is nested deeper than anybody writes. */
export class TooDeep extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('too deep');
    this.offset = offset;
  }
}

/** Stops the reading of a stream that holds more values than a machine should be asked to keep. */
export class TooManyValues extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('too many values');
    this.offset = offset;
  }
}
