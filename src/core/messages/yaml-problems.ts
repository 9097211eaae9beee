interface Problem {
  readonly es: string;
  /** What to change, in both languages. */
  readonly fix: { readonly en: string; readonly es: string };
}

const anyPlace: Problem = {
  es: 'la sintaxis no es correcta aquí',
  fix: {
    en: 'check indentation (spaces, no tabs), colons and quotes at this place',
    es: 'revise aquí la indentación (espacios, no tabuladores), los dos puntos y las comillas',
  },
};

const quoteIt = { en: 'put the value in quotes', es: 'ponga el valor entre comillas' };
const indentIt = {
  en: 'indent the line like the ones beside it',
  es: 'indente la línea como las que están a su lado',
};

/** By the parser's error code (package `yaml`): its English sentence is used as it is; this is the rest. */
const problems: Readonly<Record<string, Problem>> = {
  BAD_ALIAS: {
    es: 'el alias no nombra ninguna ancla anterior',
    fix: { en: 'define it before with &name, or quote the value', es: 'defínala antes con &nombre, o ponga comillas' },
  },
  BAD_DQ_ESCAPE: {
    es: 'escape desconocido entre comillas dobles',
    fix: { en: "use '…' for text with backslashes", es: "use '…' para texto con barras invertidas" },
  },
  BAD_INDENT: { es: 'la indentación no encaja en ningún bloque', fix: indentIt },
  BAD_SCALAR_START: { es: 'un valor no puede empezar por este carácter', fix: quoteIt },
  BLOCK_AS_IMPLICIT_KEY: {
    es: 'hay otros dos puntos en la línea: un mapa empieza en una línea propia',
    fix: {
      en: 'put the value in quotes, or begin the map on its own line',
      es: 'ponga comillas, o empiece el mapa en otra línea',
    },
  },
  BLOCK_IN_FLOW: {
    es: 'entre [ ] o { } no puede empezar un bloque',
    fix: { en: 'close the bracket first', es: 'cierre antes el corchete' },
  },
  FORBIDDEN_CHARACTER: {
    es: 'hay un carácter que YAML no permite',
    fix: {
      en: 'remove it; in "…" it can be written as an escape',
      es: 'elimínelo; entre "…" se puede escribir como escape',
    },
  },
  MISSING_CHAR: {
    es: 'falta un carácter: comilla, corchete, coma o dos puntos',
    fix: { en: 'close what was opened before this place', es: 'cierre lo que se abrió antes de este punto' },
  },
  MULTILINE_IMPLICIT_KEY: {
    es: 'esto parece una clave, pero no le siguen dos puntos en su línea',
    fix: { en: 'write key: value on one line', es: 'escriba clave: valor en una línea' },
  },
  TAB_AS_INDENT: {
    es: 'hay un tabulador donde solo se indenta con espacios',
    fix: { en: 'replace the tab with spaces', es: 'cambie el tabulador por espacios' },
  },
};

/** What the parser's error `code` means and how to put it right. */
export function yamlProblem(code: string): Problem {
  return problems[code] ?? anyPlace;
}
