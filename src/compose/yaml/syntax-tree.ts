import type { ScalarStyle } from './token.ts';

/** What a YAML text says, before aliases, tags and types are given their meaning. */
export type YamlNode = YamlScalar | YamlAlias | YamlList | YamlMapping;

interface Properties {
  /** Where the value begins, its anchor and tag aside. */
  readonly at: number;
  readonly anchor?: string | undefined;
  readonly tag?: string | undefined;
}

export interface YamlScalar extends Properties {
  readonly kind: 'scalar';
  readonly value: string;
  readonly style: ScalarStyle;
}

export interface YamlAlias {
  readonly kind: 'alias';
  readonly at: number;
  readonly name: string;
}

export interface YamlList extends Properties {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMapping extends Properties {
  readonly kind: 'mapping';
  readonly pairs: readonly YamlPair[];
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode;
}
