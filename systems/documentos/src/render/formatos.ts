/** The three formats, with what an HTTP answer says about each. */
export const FORMATOS = {
  pdf: { tipo: 'application/pdf', disposicion: 'inline' },
  docx: {
    tipo: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    disposicion: 'attachment',
  },
  odt: { tipo: 'application/vnd.oasis.opendocument.text', disposicion: 'attachment' },
} as const;

export type Formato = keyof typeof FORMATOS;

/** Whether `nombre` is one of the three formats. */
export function esFormato(nombre: string): nombre is Formato {
  return Object.hasOwn(FORMATOS, nombre);
}
