export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

/** A piece of a YAML stream that the grammar is made of. Offsets count from the start of the text. */
export type Token =
  | { readonly kind: Mark; readonly at: number }
  | { readonly kind: 'scalar'; readonly at: number; readonly value: string; readonly style: ScalarStyle }
  | { readonly kind: 'anchor' | 'alias'; readonly at: number; readonly name: string }
  | { readonly kind: 'tag'; readonly at: number; readonly handle: string; readonly suffix: string }
  | { readonly kind: 'tag-directive'; readonly at: number; readonly handle: string; readonly prefix: string };

export type Mark =
  | 'version-directive'
  | 'document-start'
  | 'document-end'
  | 'stream-end'
  | 'sequence-start'
  | 'mapping-start'
  | 'block-end'
  | 'entry'
  | 'key'
  | 'value'
  | '['
  | ']'
  | '{'
  | '}'
  | ',';
